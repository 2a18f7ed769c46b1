-- One of the observations as it is stored, by column. Made by 'make generate'.
-- @source, @id.
-- Index: observation (source, external_id).
SELECT jsonb_strip_nulls(jsonb_build_object(
         'id', r.external_id,
         'indicator', ref_indicator.source || '//' || ref_indicator.external_id,
         'hub', ref_hub.source || '//' || ref_hub.external_id,
         'activity', ref_activity.source || '//' || ref_activity.external_id,
         'area_code', r.area_code,
         'territory', r.territory,
         'period_start', r.period_start,
         'period_end', r.period_end,
         'value', r.value,
         'lower', r.lower,
         'upper', r.upper,
         'n', r.n,
         'published', r.published))
FROM raw.observation r
LEFT JOIN raw.indicator ref_indicator ON ref_indicator.id = r.indicator_id
LEFT JOIN raw.hub ref_hub ON ref_hub.id = r.hub_id
LEFT JOIN raw.activity ref_activity ON ref_activity.id = r.activity_id
WHERE r.source = @source AND r.external_id = @id
