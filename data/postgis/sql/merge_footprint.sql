-- Writes the staged footprints that differ from what is stored. Made by 'make
-- generate' from the kind's fields; the last row of the file that names a
-- record counts.
-- @source, @run.
-- Index: footprint (source, external_id).
WITH last AS MATERIALIZED (
  SELECT DISTINCT ON (s.own_source, s.external_id) s.own_source, s.external_id, s.doc AS d, raw.ref_source(s.doc->>'buyer') AS buyer_source, raw.ref_id(s.doc->>'buyer') AS buyer_ref
  FROM staged s
  WHERE s.kind = 'footprint' AND s.reason IS NULL
  ORDER BY s.own_source, s.external_id, s.n DESC
), given AS (
  SELECT g.own_source, g.external_id,
         ref_buyer.id AS buyer_id,
         (d->>'area_code') AS area_code,
         (d->>'territory') AS territory
  FROM last g
  LEFT JOIN raw.organisation ref_buyer ON (ref_buyer.source, ref_buyer.external_id) = (g.buyer_source, g.buyer_ref)
), written AS (
  INSERT INTO raw.footprint AS t (source, external_id, run_id, updated_at, buyer_id, area_code, territory)
  SELECT own_source, external_id, @run::uuid, now(), buyer_id, area_code, territory FROM given
  ON CONFLICT (source, external_id) DO UPDATE SET run_id = EXCLUDED.run_id, updated_at = EXCLUDED.updated_at,
    buyer_id = EXCLUDED.buyer_id, area_code = EXCLUDED.area_code, territory = EXCLUDED.territory
  WHERE ROW(t.buyer_id, t.area_code, t.territory)
    IS DISTINCT FROM ROW(EXCLUDED.buyer_id, EXCLUDED.area_code, EXCLUDED.territory)
  RETURNING t.id, t.xmax = 0 AS added, t.source, t.external_id
), note AS (
  INSERT INTO changed (kind, id, added, source, external_id) SELECT 'footprint', id, added, source, external_id FROM written
)
SELECT (SELECT count(*) FROM last), count(*) FILTER (WHERE added), count(*) FILTER (WHERE NOT added) FROM written
