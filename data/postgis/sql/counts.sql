-- Activities under a filter by area, by territory, by region and in all, with
-- those withheld in each place. A row's level says which of its codes counts.
-- Filter arguments; @territory_set, @area_set: earlier boundaries, or null.
WITH hit AS (
  SELECT p.region_code, p.territory_id, p.area_code, p.activity_id, a.status, a.provider_id
  FROM pub.place_at(@territory_set::integer, @area_set::integer) p JOIN pub.activity a ON a.id = p.activity_id
  WHERE
  -- include filter
), counted AS (
  SELECT CASE WHEN GROUPING(area_code) = 0 THEN 'area' WHEN GROUPING(territory_id) = 0 THEN 'territory'
              WHEN GROUPING(region_code) = 0 THEN 'region' ELSE 'uk' END AS level,
         COALESCE(area_code, territory_id, region_code, 'uk') AS code,
         count(DISTINCT activity_id) AS activities, count(*) AS places,
         count(DISTINCT activity_id) FILTER (WHERE status = 'validated') AS validated,
         count(DISTINCT provider_id) AS providers
  FROM hit
  GROUP BY GROUPING SETS ((area_code), (territory_id), (region_code), ())
  HAVING GROUPING(area_code) = 1 OR area_code IS NOT NULL
), secret AS (
  SELECT w.level, w.code, w.activities, COALESCE(t.region_code, r.code) AS region_code
  FROM pub.withheld w
  LEFT JOIN pub.territory t ON w.level = 'territory' AND t.id = w.code
  LEFT JOIN pub.region r ON w.level = 'region' AND r.code = w.code
  WHERE (@territories::text[] IS NULL OR w.code = ANY (@territories))
    AND (@regions::text[] IS NULL OR COALESCE(t.region_code, r.code) = ANY (@regions))
    AND @areas::text[] IS NULL AND @box::geometry IS NULL AND @themes::text[] IS NULL AND @measures::text[] IS NULL
    AND @target_areas::text[] IS NULL AND @priorities::text[] IS NULL AND @statuses::text[] IS NULL AND @providers::text[] IS NULL AND @activities::text[] IS NULL
), withheld AS (
  SELECT 'territory' AS level, code, activities AS n FROM secret WHERE level = 'territory'
  UNION ALL SELECT 'region', region_code, sum(activities) FROM secret WHERE region_code IS NOT NULL GROUP BY region_code
  UNION ALL SELECT 'uk', 'uk', sum(activities) FROM secret HAVING count(*) > 0
)
SELECT level, code, COALESCE(activities, 0), COALESCE(places, 0), COALESCE(validated, 0), COALESCE(providers, 0), COALESCE(n, 0)::bigint
FROM counted FULL JOIN withheld USING (level, code)
