-- Writes the staged sites that differ from what is stored. Made by 'make
-- generate' from the kind's fields; the last row of the file that names a
-- record counts.
-- @source, @run.
-- Index: site (source, external_id).
WITH last AS MATERIALIZED (
  SELECT DISTINCT ON (s.own_source, s.external_id) s.own_source, s.external_id, s.doc AS d, raw.ref_source(s.doc->>'organisation') AS organisation_source, raw.ref_id(s.doc->>'organisation') AS organisation_ref
  FROM staged s
  WHERE s.kind = 'site' AND s.reason IS NULL
  ORDER BY s.own_source, s.external_id, s.n DESC
), given AS (
  SELECT g.own_source, g.external_id,
         ref_organisation.id AS organisation_id,
         (d->>'name') AS name,
         (d->>'role') AS role,
         (d->>'area_code') AS area_code,
         (d->>'territory') AS territory,
         (d->>'latitude')::double precision AS latitude,
         (d->>'longitude')::double precision AS longitude,
         (d->>'postcode') AS postcode
  FROM last g
  LEFT JOIN raw.organisation ref_organisation ON (ref_organisation.source, ref_organisation.external_id) = (g.organisation_source, g.organisation_ref)
), written AS (
  INSERT INTO raw.site AS t (source, external_id, run_id, updated_at, organisation_id, name, role, area_code, territory, latitude, longitude, postcode)
  SELECT own_source, external_id, @run::uuid, now(), organisation_id, name, role, area_code, territory, latitude, longitude, postcode FROM given
  ON CONFLICT (source, external_id) DO UPDATE SET run_id = EXCLUDED.run_id, updated_at = EXCLUDED.updated_at,
    organisation_id = EXCLUDED.organisation_id, name = EXCLUDED.name, role = EXCLUDED.role, area_code = EXCLUDED.area_code, territory = EXCLUDED.territory, latitude = EXCLUDED.latitude, longitude = EXCLUDED.longitude, postcode = EXCLUDED.postcode
  WHERE ROW(t.organisation_id, t.name, t.role, t.area_code, t.territory, t.latitude, t.longitude, t.postcode)
    IS DISTINCT FROM ROW(EXCLUDED.organisation_id, EXCLUDED.name, EXCLUDED.role, EXCLUDED.area_code, EXCLUDED.territory, EXCLUDED.latitude, EXCLUDED.longitude, EXCLUDED.postcode)
  RETURNING t.id, t.xmax = 0 AS added, t.source, t.external_id
), note AS (
  INSERT INTO changed (kind, id, added, source, external_id) SELECT 'site', id, added, source, external_id FROM written
)
SELECT (SELECT count(*) FROM last), count(*) FILTER (WHERE added), count(*) FILTER (WHERE NOT added) FROM written
