-- Writes the staged indicators that differ from what is stored. Made by 'make
-- generate' from the kind's fields; the last row of the file that names a
-- record counts.
-- @source, @run.
-- Index: indicator (source, external_id).
WITH last AS MATERIALIZED (
  SELECT DISTINCT ON (s.own_source, s.external_id) s.own_source, s.external_id, s.doc AS d
  FROM staged s
  WHERE s.kind = 'indicator' AND s.reason IS NULL
  ORDER BY s.own_source, s.external_id, s.n DESC
), given AS (
  SELECT g.own_source, g.external_id,
         (d->>'title') AS title,
         (d->>'unit') AS unit,
         (d->>'direction') AS direction,
         (d->>'domain') AS domain,
         (d->>'source_of') AS source_of
  FROM last g
), written AS (
  INSERT INTO raw.indicator AS t (source, external_id, run_id, updated_at, title, unit, direction, domain, source_of)
  SELECT own_source, external_id, @run::uuid, now(), title, unit, direction, domain, source_of FROM given
  ON CONFLICT (source, external_id) DO UPDATE SET run_id = EXCLUDED.run_id, updated_at = EXCLUDED.updated_at,
    title = EXCLUDED.title, unit = EXCLUDED.unit, direction = EXCLUDED.direction, domain = EXCLUDED.domain, source_of = EXCLUDED.source_of
  WHERE ROW(t.title, t.unit, t.direction, t.domain, t.source_of)
    IS DISTINCT FROM ROW(EXCLUDED.title, EXCLUDED.unit, EXCLUDED.direction, EXCLUDED.domain, EXCLUDED.source_of)
  RETURNING t.id, t.xmax = 0 AS added, t.source, t.external_id
), note AS (
  INSERT INTO changed (kind, id, added, source, external_id) SELECT 'indicator', id, added, source, external_id FROM written
)
SELECT (SELECT count(*) FROM last), count(*) FILTER (WHERE added), count(*) FILTER (WHERE NOT added) FROM written
