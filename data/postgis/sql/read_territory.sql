-- One of the territories as it is stored, by column. Made by 'make generate'.
-- @source, @id.
-- Index: territory (source, external_id).
SELECT jsonb_strip_nulls(jsonb_build_object(
         'id', r.external_id,
         'code', r.code,
         'code_kind', r.code_kind,
         'name', r.name,
         'name_cy', r.name_cy,
         'force', r.force,
         'police_uk_id', r.police_uk_id,
         'region', r.region,
         'plan_kind', r.plan_kind,
         'predecessors', r.predecessors,
         'valid_from', r.valid_from,
         'onboarding', r.onboarding,
         'onboarded_on', r.onboarded_on))
FROM raw.territory r
WHERE r.source = @source AND r.external_id = @id
