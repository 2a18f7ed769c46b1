-- Entries of an organisation in the Social Value register, or of an office's territories.
-- @organisation, @territories, @everything, @source, @q, @limit, @offset: see own.go.
-- Index: register_entry (organisation_id).
WITH own AS (
  SELECT id FROM raw.organisation WHERE source = raw.ref_source(@organisation) AND external_id = raw.ref_id(@organisation)
)
SELECT r.source || '//' || r.external_id, o.name, r.territory,
       CASE WHEN NOT r.welcomes THEN 'no approach' WHEN COALESCE(r.review_due_on, (r.confirmed_on + interval '12 months')::date) < current_date THEN 'stale' ELSE 'fresh' END,
       COALESCE(r.review_due_on, (r.confirmed_on + interval '12 months')::date), NULL::bigint,
       count(*) OVER ()
FROM raw.register_entry r JOIN raw.organisation o ON o.id = r.organisation_id
WHERE (@everything OR r.organisation_id = (SELECT id FROM own) OR r.territory = ANY (@territories::text[]))
  AND (@q::text = '' OR o.name ILIKE '%' || @q || '%')
ORDER BY 5, r.id
LIMIT @limit OFFSET @offset
