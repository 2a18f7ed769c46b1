-- One of the needs as it is stored, by column. Made by 'make generate'.
-- @source, @id.
-- Index: need (source, external_id).
SELECT jsonb_strip_nulls(jsonb_build_object(
         'id', r.external_id,
         'activity', ref_activity.source || '//' || ref_activity.external_id,
         'type', r.type,
         'quantity', r.quantity_milli,
         'unit', r.unit,
         'open_from', r.open_from,
         'open_to', r.open_to,
         'status', r.status,
         'text', r.text))
FROM raw.need r
LEFT JOIN raw.activity ref_activity ON ref_activity.id = r.activity_id
WHERE r.source = @source AND r.external_id = @id
