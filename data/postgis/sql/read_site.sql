-- One of the sites as it is stored, by column. Made by 'make generate'.
-- @source, @id.
-- Index: site (source, external_id).
SELECT jsonb_strip_nulls(jsonb_build_object(
         'id', r.external_id,
         'organisation', ref_organisation.source || '//' || ref_organisation.external_id,
         'name', r.name,
         'role', r.role,
         'area_code', r.area_code,
         'territory', r.territory,
         'latitude', r.latitude,
         'longitude', r.longitude,
         'postcode', r.postcode))
FROM raw.site r
LEFT JOIN raw.organisation ref_organisation ON ref_organisation.id = r.organisation_id
WHERE r.source = @source AND r.external_id = @id
