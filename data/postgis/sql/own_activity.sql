-- Activities of a provider, or in an office's territories.
-- @organisation, @territories, @everything, @source, @q, @limit, @offset: see own.go.
-- Index: activity (provider_id), place (territory_id).
WITH own AS (
  SELECT id FROM raw.organisation WHERE source = raw.ref_source(@organisation) AND external_id = raw.ref_id(@organisation)
)
SELECT a.source || '//' || a.external_id, a.name, p.name, a.status, a.updated_at::date, NULL::bigint,
       count(*) OVER ()
FROM raw.activity a JOIN raw.organisation p ON p.id = a.provider_id
WHERE (@everything OR a.provider_id = (SELECT id FROM own) OR @territories::text[] IS NOT NULL AND EXISTS (SELECT FROM raw.place x WHERE x.activity_id = a.id AND x.territory_id = ANY (@territories)))
  AND (@q::text = '' OR a.name ILIKE '%' || @q || '%')
ORDER BY a.updated_at DESC, a.id
LIMIT @limit OFFSET @offset
