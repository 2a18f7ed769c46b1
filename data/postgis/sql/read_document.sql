-- One of the documents as it is stored, by column. Made by 'make generate'.
-- @source, @id.
-- Index: document (source, external_id).
SELECT jsonb_strip_nulls(jsonb_build_object(
         'id', r.external_id,
         'kind', r.kind,
         'title', r.title,
         'url', r.url,
         'organisation', ref_organisation.source || '//' || ref_organisation.external_id,
         'activity', ref_activity.source || '//' || ref_activity.external_id,
         'territory', r.territory,
         'region', r.region,
         'measures', r.measures,
         'clause', r.clause,
         'year', r.year,
         'published_on', r.published_on,
         'consent', r.consent,
         'text', r.text))
FROM raw.document r
LEFT JOIN raw.organisation ref_organisation ON ref_organisation.id = r.organisation_id
LEFT JOIN raw.activity ref_activity ON ref_activity.id = r.activity_id
WHERE r.source = @source AND r.external_id = @id
