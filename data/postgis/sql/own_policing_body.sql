-- Policing bodies that a source has written.
-- @organisation, @territories, @everything, @source, @q, @limit, @offset: see own.go.
SELECT t.source || '//' || t.external_id, t.name, t.planned_end, t.kind, NULL::date, NULL::bigint,
       count(*) OVER ()
FROM raw.policing_body t
WHERE (@everything OR t.source = @source)
  AND (@q::text = '' OR t.name ILIKE '%' || @q || '%')
ORDER BY t.updated_at DESC, t.id
LIMIT @limit OFFSET @offset
