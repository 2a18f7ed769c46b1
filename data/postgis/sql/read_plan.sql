-- One of the plans as it is stored, by column. Made by 'make generate'.
-- @source, @id.
-- Index: plan (source, external_id).
SELECT jsonb_strip_nulls(jsonb_build_object(
         'id', r.external_id,
         'kind', r.kind,
         'title', r.title,
         'territories', r.territories,
         'url', r.url,
         'valid_from', r.valid_from,
         'valid_to', r.valid_to))
FROM raw.plan r
WHERE r.source = @source AND r.external_id = @id
