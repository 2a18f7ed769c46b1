-- Validated activities of which no story was published in the twelve months
-- before @day.
-- Report arguments.
SELECT a.id::text, a.name, o.name, x.territory_id, s.last
FROM pub.activity a
JOIN pub.organisation o ON o.id = a.provider_id
LEFT JOIN LATERAL (SELECT max(d.published_on) AS last FROM pub.document d WHERE d.activity_id = a.id AND d.kind IN ('story', 'film', 'event', 'press') AND d.published_on <= @day) s ON true
CROSS JOIN LATERAL (
  SELECT min(p.territory_id) AS territory_id FROM pub.place p
  WHERE p.activity_id = a.id AND p.role IN ('delivery', 'service_area') AND (@territories::text[] IS NULL OR p.territory_id = ANY (@territories))
    AND (@regions::text[] IS NULL OR p.region_code = ANY (@regions)) AND (@areas::text[] IS NULL OR p.area_code = ANY (@areas))
) x
WHERE x.territory_id IS NOT NULL AND a.status = 'validated' AND (@themes::text[] IS NULL OR a.themes && @themes)
  AND (s.last IS NULL OR s.last <= @day::date - interval '12 months')
ORDER BY s.last NULLS FIRST, a.name, a.id
