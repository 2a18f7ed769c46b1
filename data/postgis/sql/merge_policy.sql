-- Writes the staged policies that differ from what is stored. Made by 'make
-- generate' from the kind's fields; the last row of the file that names a
-- record counts.
-- @source, @run.
-- Index: policy (source, external_id).
WITH last AS MATERIALIZED (
  SELECT DISTINCT ON (s.own_source, s.external_id) s.own_source, s.external_id, s.doc AS d
  FROM staged s
  WHERE s.kind = 'policy' AND s.reason IS NULL
  ORDER BY s.own_source, s.external_id, s.n DESC
), given AS (
  SELECT g.own_source, g.external_id,
         (d->>'plan') AS plan,
         (d->>'title') AS title,
         (d->>'url') AS url,
         (d->>'contract_over')::bigint AS contract_over_pence,
         (d->>'rolling_value')::bigint AS rolling_value_pence,
         (d->>'rolling_months')::integer AS rolling_months,
         (d->>'grace_days')::integer AS grace_days,
         (d->>'update_days')::integer AS update_days,
         (d->>'continued_fraction') AS continued_fraction,
         (d->>'target_areas') AS target_areas,
         (d->>'local_area') AS local_area,
         (d->>'environment') AS environment,
         ARRAY(SELECT jsonb_array_elements_text(COALESCE(d->'applies_to', '[]'))) AS applies_to,
         (d->>'finest') AS finest,
         (d->>'valid_from')::date AS valid_from,
         (d->>'valid_to')::date AS valid_to
  FROM last g
), written AS (
  INSERT INTO raw.policy AS t (source, external_id, run_id, updated_at, plan, title, url, contract_over_pence, rolling_value_pence, rolling_months, grace_days, update_days, continued_fraction, target_areas, local_area, environment, applies_to, finest, valid_from, valid_to)
  SELECT own_source, external_id, @run::uuid, now(), plan, title, url, contract_over_pence, rolling_value_pence, rolling_months, grace_days, update_days, continued_fraction, target_areas, local_area, environment, applies_to, finest, valid_from, valid_to FROM given
  ON CONFLICT (source, external_id) DO UPDATE SET run_id = EXCLUDED.run_id, updated_at = EXCLUDED.updated_at,
    plan = EXCLUDED.plan, title = EXCLUDED.title, url = EXCLUDED.url, contract_over_pence = EXCLUDED.contract_over_pence, rolling_value_pence = EXCLUDED.rolling_value_pence, rolling_months = EXCLUDED.rolling_months, grace_days = EXCLUDED.grace_days, update_days = EXCLUDED.update_days, continued_fraction = EXCLUDED.continued_fraction, target_areas = EXCLUDED.target_areas, local_area = EXCLUDED.local_area, environment = EXCLUDED.environment, applies_to = EXCLUDED.applies_to, finest = EXCLUDED.finest, valid_from = EXCLUDED.valid_from, valid_to = EXCLUDED.valid_to
  WHERE ROW(t.plan, t.title, t.url, t.contract_over_pence, t.rolling_value_pence, t.rolling_months, t.grace_days, t.update_days, t.continued_fraction, t.target_areas, t.local_area, t.environment, t.applies_to, t.finest, t.valid_from, t.valid_to)
    IS DISTINCT FROM ROW(EXCLUDED.plan, EXCLUDED.title, EXCLUDED.url, EXCLUDED.contract_over_pence, EXCLUDED.rolling_value_pence, EXCLUDED.rolling_months, EXCLUDED.grace_days, EXCLUDED.update_days, EXCLUDED.continued_fraction, EXCLUDED.target_areas, EXCLUDED.local_area, EXCLUDED.environment, EXCLUDED.applies_to, EXCLUDED.finest, EXCLUDED.valid_from, EXCLUDED.valid_to)
  RETURNING t.id, t.xmax = 0 AS added, t.source, t.external_id
), note AS (
  INSERT INTO changed (kind, id, added, source, external_id) SELECT 'policy', id, added, source, external_id FROM written
)
SELECT (SELECT count(*) FROM last), count(*) FILTER (WHERE added), count(*) FILTER (WHERE NOT added) FROM written
