-- One of the evidence as it is stored, by column. Made by 'make generate'.
-- @source, @id.
-- Index: evidence (source, external_id).
SELECT jsonb_strip_nulls(jsonb_build_object(
         'id', r.external_id,
         'contribution', ref_contribution.source || '//' || ref_contribution.external_id,
         'kind', r.kind,
         'uri', r.uri,
         'sha256', r.sha256,
         'captured_on', r.captured_on,
         'confirmed_by', ref_confirmed_by.source || '//' || ref_confirmed_by.external_id))
FROM raw.evidence r
LEFT JOIN raw.contribution ref_contribution ON ref_contribution.id = r.contribution_id
LEFT JOIN raw.organisation ref_confirmed_by ON ref_confirmed_by.id = r.confirmed_by_id
WHERE r.source = @source AND r.external_id = @id
