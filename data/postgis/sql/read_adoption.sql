-- One of the adoptions as it is stored, by column. Made by 'make generate'.
-- @source, @id.
-- Index: adoption (source, external_id).
SELECT jsonb_strip_nulls(jsonb_build_object(
         'id', r.external_id,
         'organisation', ref_organisation.source || '//' || ref_organisation.external_id,
         'plan', r.plan,
         'extent', r.extent,
         'measures', r.measures,
         'mutual', r.mutual,
         'adopted_on', r.adopted_on,
         'ended_on', r.ended_on,
         'report_due_on', r.report_due_on))
FROM raw.adoption r
LEFT JOIN raw.organisation ref_organisation ON ref_organisation.id = r.organisation_id
WHERE r.source = @source AND r.external_id = @id
