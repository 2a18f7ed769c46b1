-- One of the footprints as it is stored, by column. Made by 'make generate'.
-- @source, @id.
-- Index: footprint (source, external_id).
SELECT jsonb_strip_nulls(jsonb_build_object(
         'id', r.external_id,
         'buyer', ref_buyer.source || '//' || ref_buyer.external_id,
         'area_code', r.area_code,
         'territory', r.territory))
FROM raw.footprint r
LEFT JOIN raw.organisation ref_buyer ON ref_buyer.id = r.buyer_id
WHERE r.source = @source AND r.external_id = @id
