-- One of the target_area_sets as it is stored, by column. Made by 'make generate'.
-- @source, @id.
-- Index: target_area_set (source, external_id).
SELECT jsonb_strip_nulls(jsonb_build_object(
         'id', r.external_id,
         'plan', r.plan,
         'name', r.name,
         'basis', r.basis,
         'public', r.public,
         'valid_from', r.valid_from,
         'valid_to', r.valid_to))
FROM raw.target_area_set r
WHERE r.source = @source AND r.external_id = @id
