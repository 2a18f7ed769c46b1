-- One of the policies as it is stored, by column. Made by 'make generate'.
-- @source, @id.
-- Index: policy (source, external_id).
SELECT jsonb_strip_nulls(jsonb_build_object(
         'id', r.external_id,
         'plan', r.plan,
         'title', r.title,
         'url', r.url,
         'contract_over', r.contract_over_pence,
         'rolling_value', r.rolling_value_pence,
         'rolling_months', r.rolling_months,
         'grace_days', r.grace_days,
         'update_days', r.update_days,
         'continued_fraction', r.continued_fraction,
         'target_areas', r.target_areas,
         'local_area', r.local_area,
         'environment', r.environment,
         'applies_to', r.applies_to,
         'finest', r.finest,
         'valid_from', r.valid_from,
         'valid_to', r.valid_to))
FROM raw.policy r
WHERE r.source = @source AND r.external_id = @id
