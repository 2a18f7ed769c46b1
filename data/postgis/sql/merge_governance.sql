-- Writes the staged governance that differ from what is stored. Made by 'make
-- generate' from the kind's fields; the last row of the file that names a
-- record counts.
-- @source, @run.
-- Index: governance (source, external_id).
WITH last AS MATERIALIZED (
  SELECT DISTINCT ON (s.own_source, s.external_id) s.own_source, s.external_id, s.doc AS d
  FROM staged s
  WHERE s.kind = 'governance' AND s.reason IS NULL
  ORDER BY s.own_source, s.external_id, s.n DESC
), given AS (
  SELECT g.own_source, g.external_id,
         (d->>'body') AS body,
         (d->>'territory') AS territory,
         (d->>'holder') AS holder,
         (d->>'valid_from')::date AS valid_from,
         (d->>'valid_to')::date AS valid_to
  FROM last g
), written AS (
  INSERT INTO raw.governance AS t (source, external_id, run_id, updated_at, body, territory, holder, valid_from, valid_to)
  SELECT own_source, external_id, @run::uuid, now(), body, territory, holder, valid_from, valid_to FROM given
  ON CONFLICT (source, external_id) DO UPDATE SET run_id = EXCLUDED.run_id, updated_at = EXCLUDED.updated_at,
    body = EXCLUDED.body, territory = EXCLUDED.territory, holder = EXCLUDED.holder, valid_from = EXCLUDED.valid_from, valid_to = EXCLUDED.valid_to
  WHERE ROW(t.body, t.territory, t.holder, t.valid_from, t.valid_to)
    IS DISTINCT FROM ROW(EXCLUDED.body, EXCLUDED.territory, EXCLUDED.holder, EXCLUDED.valid_from, EXCLUDED.valid_to)
  RETURNING t.id, t.xmax = 0 AS added, t.source, t.external_id
), note AS (
  INSERT INTO changed (kind, id, added, source, external_id) SELECT 'governance', id, added, source, external_id FROM written
)
SELECT (SELECT count(*) FROM last), count(*) FILTER (WHERE added), count(*) FILTER (WHERE NOT added) FROM written
