-- Writes the staged observations that differ from what is stored. Made by 'make
-- generate' from the kind's fields; the last row of the file that names a
-- record counts.
-- @source, @run.
-- Index: observation (source, external_id).
WITH last AS MATERIALIZED (
  SELECT DISTINCT ON (s.own_source, s.external_id) s.own_source, s.external_id, s.doc AS d, raw.ref_source(s.doc->>'indicator') AS indicator_source, raw.ref_id(s.doc->>'indicator') AS indicator_ref, raw.ref_source(s.doc->>'hub') AS hub_source, raw.ref_id(s.doc->>'hub') AS hub_ref, raw.ref_source(s.doc->>'activity') AS activity_source, raw.ref_id(s.doc->>'activity') AS activity_ref
  FROM staged s
  WHERE s.kind = 'observation' AND s.reason IS NULL
  ORDER BY s.own_source, s.external_id, s.n DESC
), given AS (
  SELECT g.own_source, g.external_id,
         ref_indicator.id AS indicator_id,
         ref_hub.id AS hub_id,
         ref_activity.id AS activity_id,
         (d->>'area_code') AS area_code,
         (d->>'territory') AS territory,
         (d->>'period_start')::date AS period_start,
         (d->>'period_end')::date AS period_end,
         (d->>'value')::double precision AS value,
         (d->>'lower')::double precision AS lower,
         (d->>'upper')::double precision AS upper,
         (d->>'n')::integer AS n,
         (d->>'published')::boolean AS published
  FROM last g
  LEFT JOIN raw.indicator ref_indicator ON (ref_indicator.source, ref_indicator.external_id) = (g.indicator_source, g.indicator_ref)
  LEFT JOIN raw.hub ref_hub ON (ref_hub.source, ref_hub.external_id) = (g.hub_source, g.hub_ref)
  LEFT JOIN raw.activity ref_activity ON (ref_activity.source, ref_activity.external_id) = (g.activity_source, g.activity_ref)
), written AS (
  INSERT INTO raw.observation AS t (source, external_id, run_id, updated_at, indicator_id, hub_id, activity_id, area_code, territory, period_start, period_end, value, lower, upper, n, published)
  SELECT own_source, external_id, @run::uuid, now(), indicator_id, hub_id, activity_id, area_code, territory, period_start, period_end, value, lower, upper, n, published FROM given
  ON CONFLICT (source, external_id) DO UPDATE SET run_id = EXCLUDED.run_id, updated_at = EXCLUDED.updated_at,
    indicator_id = EXCLUDED.indicator_id, hub_id = EXCLUDED.hub_id, activity_id = EXCLUDED.activity_id, area_code = EXCLUDED.area_code, territory = EXCLUDED.territory, period_start = EXCLUDED.period_start, period_end = EXCLUDED.period_end, value = EXCLUDED.value, lower = EXCLUDED.lower, upper = EXCLUDED.upper, n = EXCLUDED.n, published = EXCLUDED.published
  WHERE ROW(t.indicator_id, t.hub_id, t.activity_id, t.area_code, t.territory, t.period_start, t.period_end, t.value, t.lower, t.upper, t.n, t.published)
    IS DISTINCT FROM ROW(EXCLUDED.indicator_id, EXCLUDED.hub_id, EXCLUDED.activity_id, EXCLUDED.area_code, EXCLUDED.territory, EXCLUDED.period_start, EXCLUDED.period_end, EXCLUDED.value, EXCLUDED.lower, EXCLUDED.upper, EXCLUDED.n, EXCLUDED.published)
  RETURNING t.id, t.xmax = 0 AS added, t.source, t.external_id
), note AS (
  INSERT INTO changed (kind, id, added, source, external_id) SELECT 'observation', id, added, source, external_id FROM written
)
SELECT (SELECT count(*) FROM last), count(*) FILTER (WHERE added), count(*) FILTER (WHERE NOT added) FROM written
