-- One of the target_areas as it is stored, by column. Made by 'make generate'.
-- @source, @id.
-- Index: target_area (source, external_id).
SELECT jsonb_strip_nulls(jsonb_build_object(
         'id', r.external_id,
         'set', ref_set.source || '//' || ref_set.external_id,
         'label', r.label,
         'areas', r.areas))
FROM raw.target_area r
LEFT JOIN raw.target_area_set ref_set ON ref_set.id = r.set_id
WHERE r.source = @source AND r.external_id = @id
