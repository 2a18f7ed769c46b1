-- One of the hubs as it is stored, by column. Made by 'make generate'.
-- @source, @id.
-- Index: hub (source, external_id).
SELECT jsonb_strip_nulls(jsonb_build_object(
         'id', r.external_id,
         'region', r.region,
         'host', ref_host.source || '//' || ref_host.external_id,
         'lead', r.lead,
         'commissioned_on', r.commissioned_on,
         'ended_on', r.ended_on))
FROM raw.hub r
LEFT JOIN raw.organisation ref_host ON ref_host.id = r.host_id
WHERE r.source = @source AND r.external_id = @id
