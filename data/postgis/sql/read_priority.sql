-- One of the priorities as it is stored, by column. Made by 'make generate'.
-- @source, @id.
-- Index: priority (source, external_id).
SELECT jsonb_strip_nulls(jsonb_build_object(
         'id', r.external_id,
         'plan', r.plan,
         'name', r.name,
         'position', r.position,
         'replaces', r.replaces))
FROM raw.priority r
WHERE r.source = @source AND r.external_id = @id
