-- One of the indicators as it is stored, by column. Made by 'make generate'.
-- @source, @id.
-- Index: indicator (source, external_id).
SELECT jsonb_strip_nulls(jsonb_build_object(
         'id', r.external_id,
         'title', r.title,
         'unit', r.unit,
         'direction', r.direction,
         'domain', r.domain,
         'source_of', r.source_of))
FROM raw.indicator r
WHERE r.source = @source AND r.external_id = @id
