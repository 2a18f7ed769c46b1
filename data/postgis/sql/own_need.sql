-- What a provider's activities, or those in an office's territories, ask for.
-- @organisation, @territories, @everything, @source, @q, @limit, @offset: see own.go.
-- Index: activity (provider_id), need (activity_id).
WITH own AS (
  SELECT id FROM raw.organisation WHERE source = raw.ref_source(@organisation) AND external_id = raw.ref_id(@organisation)
)
SELECT n.source || '//' || n.external_id, a.name, concat_ws(' ', trim_scale(n.quantity_milli / 1000.0), n.unit, replace(n.type, '_', ' ')), n.status, n.open_to, NULL::bigint,
       count(*) OVER ()
FROM raw.need n JOIN raw.activity a ON a.id = n.activity_id
WHERE (@everything OR a.provider_id = (SELECT id FROM own) OR @territories::text[] IS NOT NULL AND EXISTS (SELECT FROM raw.place x WHERE x.activity_id = a.id AND x.territory_id = ANY (@territories)))
  AND (@q::text = '' OR concat_ws(' ', a.name, n.text) ILIKE '%' || @q || '%')
ORDER BY n.updated_at DESC, n.id
LIMIT @limit OFFSET @offset
