-- Sets of target areas that a source has written.
-- @organisation, @territories, @everything, @source, @q, @limit, @offset: see own.go.
SELECT t.source || '//' || t.external_id, t.name, t.plan, CASE WHEN t.public THEN 'public' ELSE 'internal' END, t.valid_from, NULL::bigint,
       count(*) OVER ()
FROM raw.target_area_set t
WHERE (@everything OR t.source = @source)
  AND (@q::text = '' OR t.name ILIKE '%' || @q || '%')
ORDER BY t.updated_at DESC, t.id
LIMIT @limit OFFSET @offset
