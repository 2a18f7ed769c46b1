-- Target areas that a source has written.
-- @organisation, @territories, @everything, @source, @q, @limit, @offset: see own.go.
SELECT t.source || '//' || t.external_id, t.label, array_to_string(t.areas, ', '), '', NULL::date, NULL::bigint,
       count(*) OVER ()
FROM raw.target_area t
WHERE (@everything OR t.source = @source)
  AND (@q::text = '' OR t.label ILIKE '%' || @q || '%')
ORDER BY t.updated_at DESC, t.id
LIMIT @limit OFFSET @offset
