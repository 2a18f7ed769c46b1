-- How many people the contributions that count tell of in each of
-- "people_group", by area; part of one is one. '' is no area that may be told.
-- @states, @standings: that count.
-- Index: fact_people.
SELECT g.territory_id, g.measure, g.quarter, COALESCE(f.area_code, ''), ceil(sum(a.quantity_milli) / 1000.0)::bigint
FROM (SELECT DISTINCT territory_id, measure, quarter FROM people_group) g
JOIN pub.fact f ON f.unit = 'people' AND f.territory_id = g.territory_id AND COALESCE(f.measure, '') = g.measure
  AND f.day >= g.quarter AND f.day < g.quarter + interval '3 months'
JOIN raw.allocation a ON a.contribution_id = f.contribution_id AND a.fact_id = f.id
WHERE f.state = ANY (@states::text[]) AND f.standing = ANY (@standings::text[])
GROUP BY 1, 2, 3, 4
ORDER BY 1, 2, 3, 4
