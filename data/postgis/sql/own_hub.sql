-- Research hubs that a source has written.
-- @organisation, @territories, @everything, @source, @q, @limit, @offset: see own.go.
SELECT t.source || '//' || t.external_id, o.name, t.region, CASE WHEN t.ended_on <= current_date THEN 'ended' ELSE 'active' END, t.commissioned_on, NULL::bigint,
       count(*) OVER ()
FROM raw.hub t JOIN raw.organisation o ON o.id = t.host_id
WHERE (@everything OR t.source = @source)
  AND (@q::text = '' OR concat_ws(' ', o.name, t.region) ILIKE '%' || @q || '%')
ORDER BY t.updated_at DESC, t.id
LIMIT @limit OFFSET @offset
