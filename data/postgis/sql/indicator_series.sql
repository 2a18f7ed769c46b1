-- Published values of indicators over time: of the activities, territories and
-- areas that are named. How many people each rests on is not told here.
-- @activities, @territories, @areas.
-- Index: observation (activity_id).
SELECT i.code, i.title, i.unit, i.direction, i.domain, COALESCE(i.source_of, ''), COALESCE(b.activity_id::text, b.area_code, b.territory_id, ''), COALESCE(a.name, d.name, t.name, ''),
       jsonb_agg(jsonb_build_object('from', b.period_start, 'to', b.period_end, 'value', b.value, 'lower', b.lower, 'upper', b.upper) ORDER BY b.period_start, b.period_end, b.id)
FROM pub.observation b
JOIN pub.indicator i ON i.id = b.indicator_id
LEFT JOIN pub.activity a ON a.id = b.activity_id
LEFT JOIN pub.territory t ON t.id = b.territory_id
LEFT JOIN pub.district d ON d.code = b.area_code
WHERE b.activity_id = ANY (@activities::uuid[])
   OR b.activity_id IS NULL AND (b.area_code = ANY (@areas::text[]) OR b.area_code IS NULL AND b.territory_id = ANY (@territories::text[]))
GROUP BY i.id, i.code, i.title, i.unit, i.direction, i.domain, i.source_of, b.activity_id, b.area_code, b.territory_id, a.name, d.name, t.name
ORDER BY i.domain, i.title, 8, 7
