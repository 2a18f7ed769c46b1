-- Writes the staged funding that differ from what is stored. Made by 'make
-- generate' from the kind's fields; the last row of the file that names a
-- record counts.
-- @source, @run.
-- Index: funding (source, external_id).
WITH last AS MATERIALIZED (
  SELECT DISTINCT ON (s.own_source, s.external_id) s.own_source, s.external_id, s.doc AS d, raw.ref_source(s.doc->>'activity') AS activity_source, raw.ref_id(s.doc->>'activity') AS activity_ref
  FROM staged s
  WHERE s.kind = 'funding' AND s.reason IS NULL
  ORDER BY s.own_source, s.external_id, s.n DESC
), given AS (
  SELECT g.own_source, g.external_id,
         ref_activity.id AS activity_id,
         (d->>'funded_until')::date AS funded_until,
         (d->>'closed_on')::date AS closed_on,
         (d->>'reason') AS reason
  FROM last g
  LEFT JOIN raw.activity ref_activity ON (ref_activity.source, ref_activity.external_id) = (g.activity_source, g.activity_ref)
), written AS (
  INSERT INTO raw.funding AS t (source, external_id, run_id, updated_at, activity_id, funded_until, closed_on, reason)
  SELECT own_source, external_id, @run::uuid, now(), activity_id, funded_until, closed_on, reason FROM given
  ON CONFLICT (source, external_id) DO UPDATE SET run_id = EXCLUDED.run_id, updated_at = EXCLUDED.updated_at,
    activity_id = EXCLUDED.activity_id, funded_until = EXCLUDED.funded_until, closed_on = EXCLUDED.closed_on, reason = EXCLUDED.reason
  WHERE ROW(t.activity_id, t.funded_until, t.closed_on, t.reason)
    IS DISTINCT FROM ROW(EXCLUDED.activity_id, EXCLUDED.funded_until, EXCLUDED.closed_on, EXCLUDED.reason)
  RETURNING t.id, t.xmax = 0 AS added, t.source, t.external_id
), note AS (
  INSERT INTO changed (kind, id, added, source, external_id) SELECT 'funding', id, added, source, external_id FROM written
)
SELECT (SELECT count(*) FROM last), count(*) FILTER (WHERE added), count(*) FILTER (WHERE NOT added) FROM written
