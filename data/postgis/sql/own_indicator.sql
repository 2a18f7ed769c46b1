-- Indicators that a source has written.
-- @organisation, @territories, @everything, @source, @q, @limit, @offset: see own.go.
SELECT t.source || '//' || t.external_id, t.title, t.domain, t.unit, NULL::date, NULL::bigint,
       count(*) OVER ()
FROM raw.indicator t
WHERE (@everything OR t.source = @source)
  AND (@q::text = '' OR t.title ILIKE '%' || @q || '%')
ORDER BY t.updated_at DESC, t.id
LIMIT @limit OFFSET @offset
