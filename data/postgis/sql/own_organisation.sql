-- The organisation itself, those that an office has written, or all.
-- @organisation, @territories, @everything, @source, @q, @limit, @offset: see own.go.
WITH own AS (
  SELECT id FROM raw.organisation WHERE source = raw.ref_source(@organisation) AND external_id = raw.ref_id(@organisation)
)
SELECT o.source || '//' || o.external_id, o.name, COALESCE(o.sector, o.kind), CASE WHEN o.sole_trader THEN 'sole trader' ELSE COALESCE(o.scale, '') END, o.updated_at::date, NULL::bigint,
       count(*) OVER ()
FROM raw.organisation o
WHERE (@everything OR o.id = (SELECT id FROM own) OR @territories::text[] IS NOT NULL AND o.source = @source)
  AND (@q::text = '' OR o.name ILIKE '%' || @q || '%')
ORDER BY o.name, o.id
LIMIT @limit OFFSET @offset
