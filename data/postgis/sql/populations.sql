-- How many people live in each area, territory and region in force: the latest
-- published values on @day of the indicator "population" by area, summed where
-- every area has one; where no territory is whole, the people of the towns and
-- villages of territories and regions, which is approximate.
-- @day.
WITH area AS (
  SELECT sh.code, sh.territory_id, t.region_code, o.value, o.title
  FROM pub.boundary_set s
  JOIN pub.shape sh ON sh.set_id = s.id
  JOIN pub.territory t ON t.id = sh.territory_id
  LEFT JOIN (
    SELECT DISTINCT ON (b.area_code) b.area_code, b.value, i.title
    FROM pub.indicator i
    JOIN pub.observation b ON b.indicator_id = i.id
    WHERE i.code = 'population' AND b.period_start <= @day AND b.area_code IS NOT NULL
    ORDER BY b.area_code, b.period_start DESC, b.id
  ) o ON o.area_code = sh.code
  WHERE s.current AND s.kind IN ('county_or_unitary', 'district')
), told AS (
  SELECT false AS approximate, max(title) AS title, code, max(value) AS people FROM area WHERE value IS NOT NULL GROUP BY code
  UNION ALL
  SELECT false, max(title), territory_id, sum(value) FROM area GROUP BY territory_id HAVING bool_and(value IS NOT NULL)
  UNION ALL
  SELECT false, max(title), region_code, sum(value) FROM area GROUP BY region_code HAVING bool_and(value IS NOT NULL)
), town AS (
  SELECT true, 'population of towns', t.territory_id, sum(t.population)::float8 FROM pub.town t WHERE t.territory_id IS NOT NULL GROUP BY t.territory_id
  UNION ALL
  SELECT true, 'population of towns', r.region_code, sum(t.population)::float8 FROM pub.town t JOIN pub.territory r ON r.id = t.territory_id GROUP BY r.region_code
)
SELECT approximate, title, code, people FROM told
UNION ALL
SELECT * FROM town WHERE NOT EXISTS (SELECT FROM told JOIN pub.territory t ON t.id = told.code)
