-- One of the validations as it is stored, by column. Made by 'make generate'.
-- @source, @id.
-- Index: validation (source, external_id).
SELECT jsonb_strip_nulls(jsonb_build_object(
         'id', r.external_id,
         'activity', ref_activity.source || '//' || ref_activity.external_id,
         'validated_by', ref_validated_by.source || '//' || ref_validated_by.external_id,
         'decision', r.decision,
         'decided_on', r.decided_on,
         'expires_on', r.expires_on,
         'criteria', r.criteria,
         'note', r.note))
FROM raw.validation r
LEFT JOIN raw.activity ref_activity ON ref_activity.id = r.activity_id
LEFT JOIN raw.organisation ref_validated_by ON ref_validated_by.id = r.validated_by_id
WHERE r.source = @source AND r.external_id = @id
