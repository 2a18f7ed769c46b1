-- Writes the staged saving_estimates that differ from what is stored. Made by 'make
-- generate' from the kind's fields; the last row of the file that names a
-- record counts.
-- @source, @run.
-- Index: saving_estimate (source, external_id).
WITH last AS MATERIALIZED (
  SELECT DISTINCT ON (s.own_source, s.external_id) s.own_source, s.external_id, s.doc AS d, raw.ref_source(s.doc->>'activity') AS activity_source, raw.ref_id(s.doc->>'activity') AS activity_ref
  FROM staged s
  WHERE s.kind = 'saving_estimate' AND s.reason IS NULL
  ORDER BY s.own_source, s.external_id, s.n DESC
), given AS (
  SELECT g.own_source, g.external_id,
         ref_activity.id AS activity_id,
         (d->>'agency') AS agency,
         (d->>'period_start')::date AS period_start,
         (d->>'period_end')::date AS period_end,
         (d->>'low')::bigint AS low_pence,
         (d->>'central')::bigint AS central_pence,
         (d->>'high')::bigint AS high_pence,
         (d->>'cost_source') AS cost_source,
         (d->>'grade') AS grade
  FROM last g
  LEFT JOIN raw.activity ref_activity ON (ref_activity.source, ref_activity.external_id) = (g.activity_source, g.activity_ref)
), written AS (
  INSERT INTO raw.saving_estimate AS t (source, external_id, run_id, updated_at, activity_id, agency, period_start, period_end, low_pence, central_pence, high_pence, cost_source, grade)
  SELECT own_source, external_id, @run::uuid, now(), activity_id, agency, period_start, period_end, low_pence, central_pence, high_pence, cost_source, grade FROM given
  ON CONFLICT (source, external_id) DO UPDATE SET run_id = EXCLUDED.run_id, updated_at = EXCLUDED.updated_at,
    activity_id = EXCLUDED.activity_id, agency = EXCLUDED.agency, period_start = EXCLUDED.period_start, period_end = EXCLUDED.period_end, low_pence = EXCLUDED.low_pence, central_pence = EXCLUDED.central_pence, high_pence = EXCLUDED.high_pence, cost_source = EXCLUDED.cost_source, grade = EXCLUDED.grade
  WHERE ROW(t.activity_id, t.agency, t.period_start, t.period_end, t.low_pence, t.central_pence, t.high_pence, t.cost_source, t.grade)
    IS DISTINCT FROM ROW(EXCLUDED.activity_id, EXCLUDED.agency, EXCLUDED.period_start, EXCLUDED.period_end, EXCLUDED.low_pence, EXCLUDED.central_pence, EXCLUDED.high_pence, EXCLUDED.cost_source, EXCLUDED.grade)
  RETURNING t.id, t.xmax = 0 AS added, t.source, t.external_id
), note AS (
  INSERT INTO changed (kind, id, added, source, external_id) SELECT 'saving_estimate', id, added, source, external_id FROM written
)
SELECT (SELECT count(*) FROM last), count(*) FILTER (WHERE added), count(*) FILTER (WHERE NOT added) FROM written
