-- One of the delivery_sites as it is stored, by column. Made by 'make generate'.
-- @source, @id.
-- Index: delivery_site (source, external_id).
SELECT jsonb_strip_nulls(jsonb_build_object(
         'id', r.external_id,
         'contract', ref_contract.source || '//' || ref_contract.external_id,
         'name', r.name,
         'demise', r.demise,
         'area_code', r.area_code,
         'territory', r.territory,
         'latitude', r.latitude,
         'longitude', r.longitude,
         'postcode', r.postcode))
FROM raw.delivery_site r
LEFT JOIN raw.contract ref_contract ON ref_contract.id = r.contract_id
WHERE r.source = @source AND r.external_id = @id
