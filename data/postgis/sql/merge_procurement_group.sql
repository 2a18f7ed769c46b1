-- Writes the staged procurement_groups that differ from what is stored. Made by 'make
-- generate' from the kind's fields; the last row of the file that names a
-- record counts.
-- @source, @run.
-- Index: procurement_group (source, external_id).
WITH last AS MATERIALIZED (
  SELECT DISTINCT ON (s.own_source, s.external_id) s.own_source, s.external_id, s.doc AS d
  FROM staged s
  WHERE s.kind = 'procurement_group' AND s.reason IS NULL
  ORDER BY s.own_source, s.external_id, s.n DESC
), given AS (
  SELECT g.own_source, g.external_id,
         (d->>'name') AS name,
         ARRAY(SELECT jsonb_array_elements_text(COALESCE(d->'territories', '[]'))) AS territories,
         (d->>'url') AS url,
         (d->>'note') AS note
  FROM last g
), written AS (
  INSERT INTO raw.procurement_group AS t (source, external_id, run_id, updated_at, name, territories, url, note)
  SELECT own_source, external_id, @run::uuid, now(), name, territories, url, note FROM given
  ON CONFLICT (source, external_id) DO UPDATE SET run_id = EXCLUDED.run_id, updated_at = EXCLUDED.updated_at,
    name = EXCLUDED.name, territories = EXCLUDED.territories, url = EXCLUDED.url, note = EXCLUDED.note
  WHERE ROW(t.name, t.territories, t.url, t.note)
    IS DISTINCT FROM ROW(EXCLUDED.name, EXCLUDED.territories, EXCLUDED.url, EXCLUDED.note)
  RETURNING t.id, t.xmax = 0 AS added, t.source, t.external_id
), note AS (
  INSERT INTO changed (kind, id, added, source, external_id) SELECT 'procurement_group', id, added, source, external_id FROM written
)
SELECT (SELECT count(*) FROM last), count(*) FILTER (WHERE added), count(*) FILTER (WHERE NOT added) FROM written
