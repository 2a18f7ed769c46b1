-- One of the governance as it is stored, by column. Made by 'make generate'.
-- @source, @id.
-- Index: governance (source, external_id).
SELECT jsonb_strip_nulls(jsonb_build_object(
         'id', r.external_id,
         'body', r.body,
         'territory', r.territory,
         'holder', r.holder,
         'valid_from', r.valid_from,
         'valid_to', r.valid_to))
FROM raw.governance r
WHERE r.source = @source AND r.external_id = @id
