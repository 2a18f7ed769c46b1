-- One of the academic_links as it is stored, by column. Made by 'make generate'.
-- @source, @id.
-- Index: academic_link (source, external_id).
SELECT jsonb_strip_nulls(jsonb_build_object(
         'id', r.external_id,
         'university', ref_university.source || '//' || ref_university.external_id,
         'faculty', r.faculty,
         'activity', ref_activity.source || '//' || ref_activity.external_id,
         'kind', r.kind))
FROM raw.academic_link r
LEFT JOIN raw.organisation ref_university ON ref_university.id = r.university_id
LEFT JOIN raw.activity ref_activity ON ref_activity.id = r.activity_id
WHERE r.source = @source AND r.external_id = @id
