-- One of the register_entries as it is stored, by column. Made by 'make generate'.
-- @source, @id.
-- Index: register_entry (source, external_id).
SELECT jsonb_strip_nulls(jsonb_build_object(
         'id', r.external_id,
         'organisation', ref_organisation.source || '//' || ref_organisation.external_id,
         'territory', r.territory,
         'welcomes', r.welcomes,
         'types', r.types,
         'measures', r.measures,
         'note', r.note,
         'confirmed_on', r.confirmed_on,
         'review_due_on', r.review_due_on))
FROM raw.register_entry r
LEFT JOIN raw.organisation ref_organisation ON ref_organisation.id = r.organisation_id
WHERE r.source = @source AND r.external_id = @id
