-- Who governs which territory from when, as a source has written it or of an
-- office's territories.
-- @organisation, @territories, @everything, @source, @q, @limit, @offset: see own.go.
SELECT t.source || '//' || t.external_id, t.territory, COALESCE(b.name, t.body), CASE WHEN t.valid_to <= current_date THEN 'past' WHEN t.valid_from > current_date THEN 'to come' ELSE 'in force' END, t.valid_from, NULL::bigint,
       count(*) OVER ()
FROM raw.governance t LEFT JOIN pub.policing_body b ON b.id = t.body
WHERE (@everything OR t.source = @source OR t.territory = ANY (@territories::text[]))
  AND (@q::text = '' OR concat_ws(' ', t.territory, t.body, t.holder) ILIKE '%' || @q || '%')
ORDER BY t.updated_at DESC, t.id
LIMIT @limit OFFSET @offset
