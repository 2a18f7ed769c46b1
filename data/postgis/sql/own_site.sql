-- Sites of an organisation, or in an office's territories.
-- @organisation, @territories, @everything, @source, @q, @limit, @offset: see own.go.
-- Index: site (organisation_id).
WITH own AS (
  SELECT id FROM raw.organisation WHERE source = raw.ref_source(@organisation) AND external_id = raw.ref_id(@organisation)
)
SELECT t.source || '//' || t.external_id, COALESCE(t.name, t.postcode, t.area_code, t.external_id), o.name, t.role, t.updated_at::date, NULL::bigint,
       count(*) OVER ()
FROM raw.site t JOIN raw.organisation o ON o.id = t.organisation_id
WHERE (@everything OR t.organisation_id = (SELECT id FROM own) OR t.territory_id = ANY (@territories::text[]))
  AND (@q::text = '' OR concat_ws(' ', t.name, t.postcode, o.name) ILIKE '%' || @q || '%')
ORDER BY o.name, 2, t.id
LIMIT @limit OFFSET @offset
