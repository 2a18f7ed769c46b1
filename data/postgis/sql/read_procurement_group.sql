-- One of the procurement_groups as it is stored, by column. Made by 'make generate'.
-- @source, @id.
-- Index: procurement_group (source, external_id).
SELECT jsonb_strip_nulls(jsonb_build_object(
         'id', r.external_id,
         'name', r.name,
         'territories', r.territories,
         'url', r.url,
         'note', r.note))
FROM raw.procurement_group r
WHERE r.source = @source AND r.external_id = @id
