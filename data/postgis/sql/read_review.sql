-- One of the reviews as it is stored, by column. Made by 'make generate'.
-- @source, @id.
-- Index: review (source, external_id).
SELECT jsonb_strip_nulls(jsonb_build_object(
         'id', r.external_id,
         'contribution', ref_contribution.source || '//' || ref_contribution.external_id,
         'other', ref_other.source || '//' || ref_other.external_id,
         'finding', r.finding,
         'decision', r.decision,
         'date', r.date,
         'reason', r.reason))
FROM raw.review r
LEFT JOIN raw.contribution ref_contribution ON ref_contribution.id = r.contribution_id
LEFT JOIN raw.contribution ref_other ON ref_other.id = r.other_id
WHERE r.source = @source AND r.external_id = @id
