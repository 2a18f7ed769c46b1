-- One of the policing_bodies as it is stored, by column. Made by 'make generate'.
-- @source, @id.
-- Index: policing_body (source, external_id).
SELECT jsonb_strip_nulls(jsonb_build_object(
         'id', r.external_id,
         'kind', r.kind,
         'name', r.name,
         'url', r.url,
         'planned_end', r.planned_end))
FROM raw.policing_body r
WHERE r.source = @source AND r.external_id = @id
