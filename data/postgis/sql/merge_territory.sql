-- Writes the staged territories that differ from what is stored. Made by 'make
-- generate' from the kind's fields; the last row of the file that names a
-- record counts.
-- @source, @run.
-- Index: territory (source, external_id).
WITH last AS MATERIALIZED (
  SELECT DISTINCT ON (s.own_source, s.external_id) s.own_source, s.external_id, s.doc AS d
  FROM staged s
  WHERE s.kind = 'territory' AND s.reason IS NULL
  ORDER BY s.own_source, s.external_id, s.n DESC
), given AS (
  SELECT g.own_source, g.external_id,
         (d->>'code') AS code,
         (d->>'code_kind') AS code_kind,
         (d->>'name') AS name,
         (d->>'name_cy') AS name_cy,
         (d->>'force') AS force,
         (d->>'police_uk_id') AS police_uk_id,
         (d->>'region') AS region,
         (d->>'plan_kind') AS plan_kind,
         ARRAY(SELECT jsonb_array_elements_text(COALESCE(d->'predecessors', '[]'))) AS predecessors,
         (d->>'valid_from')::date AS valid_from,
         (d->>'onboarding') AS onboarding,
         (d->>'onboarded_on')::date AS onboarded_on
  FROM last g
), written AS (
  INSERT INTO raw.territory AS t (source, external_id, run_id, updated_at, code, code_kind, name, name_cy, force, police_uk_id, region, plan_kind, predecessors, valid_from, onboarding, onboarded_on)
  SELECT own_source, external_id, @run::uuid, now(), code, code_kind, name, name_cy, force, police_uk_id, region, plan_kind, predecessors, valid_from, onboarding, onboarded_on FROM given
  ON CONFLICT (source, external_id) DO UPDATE SET run_id = EXCLUDED.run_id, updated_at = EXCLUDED.updated_at,
    code = EXCLUDED.code, code_kind = EXCLUDED.code_kind, name = EXCLUDED.name, name_cy = EXCLUDED.name_cy, force = EXCLUDED.force, police_uk_id = EXCLUDED.police_uk_id, region = EXCLUDED.region, plan_kind = EXCLUDED.plan_kind, predecessors = EXCLUDED.predecessors, valid_from = EXCLUDED.valid_from, onboarding = EXCLUDED.onboarding, onboarded_on = EXCLUDED.onboarded_on
  WHERE ROW(t.code, t.code_kind, t.name, t.name_cy, t.force, t.police_uk_id, t.region, t.plan_kind, t.predecessors, t.valid_from, t.onboarding, t.onboarded_on)
    IS DISTINCT FROM ROW(EXCLUDED.code, EXCLUDED.code_kind, EXCLUDED.name, EXCLUDED.name_cy, EXCLUDED.force, EXCLUDED.police_uk_id, EXCLUDED.region, EXCLUDED.plan_kind, EXCLUDED.predecessors, EXCLUDED.valid_from, EXCLUDED.onboarding, EXCLUDED.onboarded_on)
  RETURNING t.id, t.xmax = 0 AS added, t.source, t.external_id
), note AS (
  INSERT INTO changed (kind, id, added, source, external_id) SELECT 'territory', id, added, source, external_id FROM written
)
SELECT (SELECT count(*) FROM last), count(*) FILTER (WHERE added), count(*) FILTER (WHERE NOT added) FROM written
