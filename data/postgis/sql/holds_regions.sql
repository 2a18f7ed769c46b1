-- Parts, facts and places whose region is not their territory's, one of each kind
-- and pair.
WITH pair AS (
  SELECT 'a part' AS what, a.territory_id AS territory, a.region_code AS region FROM raw.allocation a GROUP BY 2, 3
  UNION ALL
  SELECT 'a fact', f.territory_id, f.region_code FROM pub.fact f WHERE f.territory_id IS NOT NULL GROUP BY 2, 3
  UNION ALL
  SELECT 'a place', p.territory_id, p.region_code FROM raw.place p GROUP BY 2, 3
  UNION ALL
  SELECT 'a shown place', p.territory_id, p.region_code FROM pub.place p GROUP BY 2, 3
), wrong AS (
  SELECT x.* FROM pair x LEFT JOIN pub.territory t ON t.id = x.territory WHERE x.region IS DISTINCT FROM t.region_code
)
SELECT x.what, format('%s: %s in %s', CASE x.what
    WHEN 'a part' THEN (SELECT min(a.contribution_id::text) FROM raw.allocation a WHERE a.territory_id IS NOT DISTINCT FROM x.territory AND a.region_code IS NOT DISTINCT FROM x.region)
    WHEN 'a fact' THEN (SELECT min(f.id)::text FROM pub.fact f WHERE f.territory_id = x.territory AND f.region_code IS NOT DISTINCT FROM x.region)
    WHEN 'a place' THEN (SELECT min(p.id::text) FROM raw.place p WHERE p.territory_id IS NOT DISTINCT FROM x.territory AND p.region_code IS NOT DISTINCT FROM x.region)
    ELSE (SELECT min(p.id::text) FROM pub.place p WHERE p.territory_id IS NOT DISTINCT FROM x.territory AND p.region_code IS NOT DISTINCT FROM x.region) END, x.territory, x.region)
FROM wrong x
ORDER BY 1, 2
