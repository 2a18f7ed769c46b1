-- How many listed activities serve each priority in each area of a territory.
-- @territory, @priorities.
SELECT m.priority_code, p.area_code, count(DISTINCT a.id)
FROM pub.place p
JOIN pub.activity a ON a.id = p.activity_id AND a.status NOT IN ('closed', 'expired')
JOIN pub.measure m ON m.code = ANY (a.measures)
WHERE p.territory_id = @territory AND p.role IN ('delivery', 'service_area') AND m.priority_code = ANY (@priorities::text[]) AND p.area_code IS NOT NULL
GROUP BY m.priority_code, p.area_code
