-- Writes the staged policing_bodies that differ from what is stored. Made by 'make
-- generate' from the kind's fields; the last row of the file that names a
-- record counts.
-- @source, @run.
-- Index: policing_body (source, external_id).
WITH last AS MATERIALIZED (
  SELECT DISTINCT ON (s.own_source, s.external_id) s.own_source, s.external_id, s.doc AS d
  FROM staged s
  WHERE s.kind = 'policing_body' AND s.reason IS NULL
  ORDER BY s.own_source, s.external_id, s.n DESC
), given AS (
  SELECT g.own_source, g.external_id,
         (d->>'kind') AS kind,
         (d->>'name') AS name,
         (d->>'url') AS url,
         (d->>'planned_end') AS planned_end
  FROM last g
), written AS (
  INSERT INTO raw.policing_body AS t (source, external_id, run_id, updated_at, kind, name, url, planned_end)
  SELECT own_source, external_id, @run::uuid, now(), kind, name, url, planned_end FROM given
  ON CONFLICT (source, external_id) DO UPDATE SET run_id = EXCLUDED.run_id, updated_at = EXCLUDED.updated_at,
    kind = EXCLUDED.kind, name = EXCLUDED.name, url = EXCLUDED.url, planned_end = EXCLUDED.planned_end
  WHERE ROW(t.kind, t.name, t.url, t.planned_end)
    IS DISTINCT FROM ROW(EXCLUDED.kind, EXCLUDED.name, EXCLUDED.url, EXCLUDED.planned_end)
  RETURNING t.id, t.xmax = 0 AS added, t.source, t.external_id
), note AS (
  INSERT INTO changed (kind, id, added, source, external_id) SELECT 'policing_body', id, added, source, external_id FROM written
)
SELECT (SELECT count(*) FROM last), count(*) FILTER (WHERE added), count(*) FILTER (WHERE NOT added) FROM written
