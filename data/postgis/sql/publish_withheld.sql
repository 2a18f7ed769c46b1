-- Counts the activities that may not be listed, each at the finest place where
-- at least three of at least two providers hide one another, and in a region only
-- if three of its territories or more may be theirs: of two, each has one at least.
WITH secret AS (
  SELECT a.id, a.provider_id, min(p.territory_id) AS territory_id
  FROM raw.activity a LEFT JOIN raw.place p ON p.activity_id = a.id
  WHERE a.class = 3 AND a.status NOT IN ('draft', 'suspended', 'closed')
  GROUP BY a.id
), by_territory AS (
  SELECT territory_id, count(*) AS n FROM secret WHERE territory_id IS NOT NULL
  GROUP BY territory_id HAVING count(*) >= 3 AND count(DISTINCT provider_id) >= 2
), risen AS (
  SELECT s.*, t.region_code FROM secret s LEFT JOIN pub.territory t ON t.id = s.territory_id
  WHERE NOT EXISTS (SELECT FROM by_territory b WHERE b.territory_id = s.territory_id)
), wide AS (
  SELECT t.region_code FROM pub.territory t
  WHERE t.valid_from <= current_date AND t.valid_to > current_date AND NOT EXISTS (SELECT FROM by_territory b WHERE b.territory_id = t.id)
  GROUP BY t.region_code HAVING count(*) >= 3
), by_region AS (
  SELECT region_code, count(*) AS n FROM risen WHERE region_code IN (SELECT region_code FROM wide)
  GROUP BY region_code HAVING count(*) >= 3 AND count(DISTINCT provider_id) >= 2
)
INSERT INTO pub.withheld (level, code, activities)
SELECT 'territory', territory_id, n FROM by_territory
UNION ALL SELECT 'region', region_code, n FROM by_region
UNION ALL SELECT 'uk', 'uk', count(*) FROM risen r
          WHERE NOT EXISTS (SELECT FROM by_region b WHERE b.region_code = r.region_code) HAVING count(*) > 0
