-- What was published of some places and of the activities in them, the last
-- first.
-- @regions, @territories, @areas; @limit.
SELECT d.kind, d.title, COALESCE(d.url, ''), d.published_on, COALESCE(d.text, ''), COALESCE(a.id::text, ''), COALESCE(a.name, '')
FROM pub.document d LEFT JOIN pub.activity a ON a.id = d.activity_id
WHERE d.kind IN ('story', 'film', 'event', 'press', 'visit')
  AND (@areas::text[] IS NULL AND (d.territory_id = ANY (@territories::text[]) OR d.region_code = ANY (@regions::text[]))
    OR EXISTS (SELECT FROM pub.place p WHERE p.activity_id = d.activity_id AND p.role IN ('delivery', 'service_area')
               AND (p.area_code = ANY (@areas) OR p.territory_id = ANY (@territories) OR p.region_code = ANY (@regions))))
ORDER BY d.published_on DESC NULLS LAST, d.title, d.id
LIMIT @limit
