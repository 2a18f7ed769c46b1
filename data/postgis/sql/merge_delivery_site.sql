-- Writes the staged delivery_sites that differ from what is stored. Made by 'make
-- generate' from the kind's fields; the last row of the file that names a
-- record counts.
-- @source, @run.
-- Index: delivery_site (source, external_id).
WITH last AS MATERIALIZED (
  SELECT DISTINCT ON (s.own_source, s.external_id) s.own_source, s.external_id, s.doc AS d, raw.ref_source(s.doc->>'contract') AS contract_source, raw.ref_id(s.doc->>'contract') AS contract_ref
  FROM staged s
  WHERE s.kind = 'delivery_site' AND s.reason IS NULL
  ORDER BY s.own_source, s.external_id, s.n DESC
), given AS (
  SELECT g.own_source, g.external_id,
         ref_contract.id AS contract_id,
         (d->>'name') AS name,
         (d->>'demise') AS demise,
         (d->>'area_code') AS area_code,
         (d->>'territory') AS territory,
         (d->>'latitude')::double precision AS latitude,
         (d->>'longitude')::double precision AS longitude,
         (d->>'postcode') AS postcode
  FROM last g
  LEFT JOIN raw.contract ref_contract ON (ref_contract.source, ref_contract.external_id) = (g.contract_source, g.contract_ref)
), written AS (
  INSERT INTO raw.delivery_site AS t (source, external_id, run_id, updated_at, contract_id, name, demise, area_code, territory, latitude, longitude, postcode)
  SELECT own_source, external_id, @run::uuid, now(), contract_id, name, demise, area_code, territory, latitude, longitude, postcode FROM given
  ON CONFLICT (source, external_id) DO UPDATE SET run_id = EXCLUDED.run_id, updated_at = EXCLUDED.updated_at,
    contract_id = EXCLUDED.contract_id, name = EXCLUDED.name, demise = EXCLUDED.demise, area_code = EXCLUDED.area_code, territory = EXCLUDED.territory, latitude = EXCLUDED.latitude, longitude = EXCLUDED.longitude, postcode = EXCLUDED.postcode
  WHERE ROW(t.contract_id, t.name, t.demise, t.area_code, t.territory, t.latitude, t.longitude, t.postcode)
    IS DISTINCT FROM ROW(EXCLUDED.contract_id, EXCLUDED.name, EXCLUDED.demise, EXCLUDED.area_code, EXCLUDED.territory, EXCLUDED.latitude, EXCLUDED.longitude, EXCLUDED.postcode)
  RETURNING t.id, t.xmax = 0 AS added, t.source, t.external_id
), note AS (
  INSERT INTO changed (kind, id, added, source, external_id) SELECT 'delivery_site', id, added, source, external_id FROM written
)
SELECT (SELECT count(*) FROM last), count(*) FILTER (WHERE added), count(*) FILTER (WHERE NOT added) FROM written
