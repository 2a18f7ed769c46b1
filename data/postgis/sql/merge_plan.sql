-- Writes the staged plans that differ from what is stored. Made by 'make
-- generate' from the kind's fields; the last row of the file that names a
-- record counts.
-- @source, @run.
-- Index: plan (source, external_id).
WITH last AS MATERIALIZED (
  SELECT DISTINCT ON (s.own_source, s.external_id) s.own_source, s.external_id, s.doc AS d
  FROM staged s
  WHERE s.kind = 'plan' AND s.reason IS NULL
  ORDER BY s.own_source, s.external_id, s.n DESC
), given AS (
  SELECT g.own_source, g.external_id,
         (d->>'kind') AS kind,
         (d->>'title') AS title,
         ARRAY(SELECT jsonb_array_elements_text(COALESCE(d->'territories', '[]'))) AS territories,
         (d->>'url') AS url,
         (d->>'valid_from')::date AS valid_from,
         (d->>'valid_to')::date AS valid_to
  FROM last g
), written AS (
  INSERT INTO raw.plan AS t (source, external_id, run_id, updated_at, kind, title, territories, url, valid_from, valid_to)
  SELECT own_source, external_id, @run::uuid, now(), kind, title, territories, url, valid_from, valid_to FROM given
  ON CONFLICT (source, external_id) DO UPDATE SET run_id = EXCLUDED.run_id, updated_at = EXCLUDED.updated_at,
    kind = EXCLUDED.kind, title = EXCLUDED.title, territories = EXCLUDED.territories, url = EXCLUDED.url, valid_from = EXCLUDED.valid_from, valid_to = EXCLUDED.valid_to
  WHERE ROW(t.kind, t.title, t.territories, t.url, t.valid_from, t.valid_to)
    IS DISTINCT FROM ROW(EXCLUDED.kind, EXCLUDED.title, EXCLUDED.territories, EXCLUDED.url, EXCLUDED.valid_from, EXCLUDED.valid_to)
  RETURNING t.id, t.xmax = 0 AS added, t.source, t.external_id
), note AS (
  INSERT INTO changed (kind, id, added, source, external_id) SELECT 'plan', id, added, source, external_id FROM written
)
SELECT (SELECT count(*) FROM last), count(*) FILTER (WHERE added), count(*) FILTER (WHERE NOT added) FROM written
