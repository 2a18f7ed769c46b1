-- Writes the staged target_area_sets that differ from what is stored. Made by 'make
-- generate' from the kind's fields; the last row of the file that names a
-- record counts.
-- @source, @run.
-- Index: target_area_set (source, external_id).
WITH last AS MATERIALIZED (
  SELECT DISTINCT ON (s.own_source, s.external_id) s.own_source, s.external_id, s.doc AS d
  FROM staged s
  WHERE s.kind = 'target_area_set' AND s.reason IS NULL
  ORDER BY s.own_source, s.external_id, s.n DESC
), given AS (
  SELECT g.own_source, g.external_id,
         (d->>'plan') AS plan,
         (d->>'name') AS name,
         (d->>'basis') AS basis,
         (d->>'public')::boolean AS public,
         (d->>'valid_from')::date AS valid_from,
         (d->>'valid_to')::date AS valid_to
  FROM last g
), written AS (
  INSERT INTO raw.target_area_set AS t (source, external_id, run_id, updated_at, plan, name, basis, public, valid_from, valid_to)
  SELECT own_source, external_id, @run::uuid, now(), plan, name, basis, public, valid_from, valid_to FROM given
  ON CONFLICT (source, external_id) DO UPDATE SET run_id = EXCLUDED.run_id, updated_at = EXCLUDED.updated_at,
    plan = EXCLUDED.plan, name = EXCLUDED.name, basis = EXCLUDED.basis, public = EXCLUDED.public, valid_from = EXCLUDED.valid_from, valid_to = EXCLUDED.valid_to
  WHERE ROW(t.plan, t.name, t.basis, t.public, t.valid_from, t.valid_to)
    IS DISTINCT FROM ROW(EXCLUDED.plan, EXCLUDED.name, EXCLUDED.basis, EXCLUDED.public, EXCLUDED.valid_from, EXCLUDED.valid_to)
  RETURNING t.id, t.xmax = 0 AS added, t.source, t.external_id
), note AS (
  INSERT INTO changed (kind, id, added, source, external_id) SELECT 'target_area_set', id, added, source, external_id FROM written
)
SELECT (SELECT count(*) FROM last), count(*) FILTER (WHERE added), count(*) FILTER (WHERE NOT added) FROM written
