-- Writes the staged priorities that differ from what is stored. Made by 'make
-- generate' from the kind's fields; the last row of the file that names a
-- record counts.
-- @source, @run.
-- Index: priority (source, external_id).
WITH last AS MATERIALIZED (
  SELECT DISTINCT ON (s.own_source, s.external_id) s.own_source, s.external_id, s.doc AS d
  FROM staged s
  WHERE s.kind = 'priority' AND s.reason IS NULL
  ORDER BY s.own_source, s.external_id, s.n DESC
), given AS (
  SELECT g.own_source, g.external_id,
         (d->>'plan') AS plan,
         (d->>'name') AS name,
         (d->>'position')::integer AS position,
         ARRAY(SELECT jsonb_array_elements_text(COALESCE(d->'replaces', '[]'))) AS replaces
  FROM last g
), written AS (
  INSERT INTO raw.priority AS t (source, external_id, run_id, updated_at, plan, name, position, replaces)
  SELECT own_source, external_id, @run::uuid, now(), plan, name, position, replaces FROM given
  ON CONFLICT (source, external_id) DO UPDATE SET run_id = EXCLUDED.run_id, updated_at = EXCLUDED.updated_at,
    plan = EXCLUDED.plan, name = EXCLUDED.name, position = EXCLUDED.position, replaces = EXCLUDED.replaces
  WHERE ROW(t.plan, t.name, t.position, t.replaces)
    IS DISTINCT FROM ROW(EXCLUDED.plan, EXCLUDED.name, EXCLUDED.position, EXCLUDED.replaces)
  RETURNING t.id, t.xmax = 0 AS added, t.source, t.external_id
), note AS (
  INSERT INTO changed (kind, id, added, source, external_id) SELECT 'priority', id, added, source, external_id FROM written
)
SELECT (SELECT count(*) FROM last), count(*) FILTER (WHERE added), count(*) FILTER (WHERE NOT added) FROM written
