-- One of the organisations as it is stored, by column. Made by 'make generate'.
-- @source, @id.
-- Index: organisation (source, external_id).
SELECT jsonb_strip_nulls(jsonb_build_object(
         'id', r.external_id,
         'name', r.name,
         'kind', r.kind,
         'sector', r.sector,
         'identifiers', r.identifiers,
         'vcse', r.vcse,
         'scale', r.scale,
         'sole_trader', r.sole_trader,
         'url', r.url))
FROM raw.organisation r
WHERE r.source = @source AND r.external_id = @id
