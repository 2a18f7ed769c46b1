-- Writes the staged organisations that differ from what is stored. Made by 'make
-- generate' from the kind's fields; the last row of the file that names a
-- record counts.
-- @source, @run.
-- Index: organisation (source, external_id).
WITH last AS MATERIALIZED (
  SELECT DISTINCT ON (s.own_source, s.external_id) s.own_source, s.external_id, s.doc AS d
  FROM staged s
  WHERE s.kind = 'organisation' AND s.reason IS NULL
  ORDER BY s.own_source, s.external_id, s.n DESC
), given AS (
  SELECT g.own_source, g.external_id,
         (d->>'name') AS name,
         (d->>'kind') AS kind,
         (d->>'sector') AS sector,
         ARRAY(SELECT jsonb_array_elements_text(COALESCE(d->'identifiers', '[]'))) AS identifiers,
         (d->>'vcse')::boolean AS vcse,
         (d->>'scale') AS scale,
         (d->>'sole_trader')::boolean AS sole_trader,
         (d->>'url') AS url
  FROM last g
), written AS (
  INSERT INTO raw.organisation AS t (source, external_id, run_id, updated_at, name, kind, sector, identifiers, vcse, scale, sole_trader, url)
  SELECT own_source, external_id, @run::uuid, now(), name, kind, sector, identifiers, vcse, scale, sole_trader, url FROM given
  ON CONFLICT (source, external_id) DO UPDATE SET run_id = EXCLUDED.run_id, updated_at = EXCLUDED.updated_at,
    name = EXCLUDED.name, kind = EXCLUDED.kind, sector = EXCLUDED.sector, identifiers = EXCLUDED.identifiers, vcse = EXCLUDED.vcse, scale = EXCLUDED.scale, sole_trader = EXCLUDED.sole_trader, url = EXCLUDED.url
  WHERE ROW(t.name, t.kind, t.sector, t.identifiers, t.vcse, t.scale, t.sole_trader, t.url)
    IS DISTINCT FROM ROW(EXCLUDED.name, EXCLUDED.kind, EXCLUDED.sector, EXCLUDED.identifiers, EXCLUDED.vcse, EXCLUDED.scale, EXCLUDED.sole_trader, EXCLUDED.url)
  RETURNING t.id, t.xmax = 0 AS added, t.source, t.external_id
), note AS (
  INSERT INTO changed (kind, id, added, source, external_id) SELECT 'organisation', id, added, source, external_id FROM written
)
SELECT (SELECT count(*) FROM last), count(*) FILTER (WHERE added), count(*) FILTER (WHERE NOT added) FROM written
