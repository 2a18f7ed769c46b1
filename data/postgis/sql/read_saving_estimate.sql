-- One of the saving_estimates as it is stored, by column. Made by 'make generate'.
-- @source, @id.
-- Index: saving_estimate (source, external_id).
SELECT jsonb_strip_nulls(jsonb_build_object(
         'id', r.external_id,
         'activity', ref_activity.source || '//' || ref_activity.external_id,
         'agency', r.agency,
         'period_start', r.period_start,
         'period_end', r.period_end,
         'low', r.low_pence,
         'central', r.central_pence,
         'high', r.high_pence,
         'cost_source', r.cost_source,
         'grade', r.grade))
FROM raw.saving_estimate r
LEFT JOIN raw.activity ref_activity ON ref_activity.id = r.activity_id
WHERE r.source = @source AND r.external_id = @id
