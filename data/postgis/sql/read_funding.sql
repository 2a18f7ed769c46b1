-- One of the funding as it is stored, by column. Made by 'make generate'.
-- @source, @id.
-- Index: funding (source, external_id).
SELECT jsonb_strip_nulls(jsonb_build_object(
         'id', r.external_id,
         'activity', ref_activity.source || '//' || ref_activity.external_id,
         'funded_until', r.funded_until,
         'closed_on', r.closed_on,
         'reason', r.reason))
FROM raw.funding r
LEFT JOIN raw.activity ref_activity ON ref_activity.id = r.activity_id
WHERE r.source = @source AND r.external_id = @id
