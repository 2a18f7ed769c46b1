-- Parts, facts and places whose region is not their territory's.
SELECT x.what, format('%s: %s in %s', x.id, x.territory, x.region)
FROM (
  SELECT 'a part' AS what, min(a.contribution_id::text) AS id, a.territory_id AS territory, a.region_code AS region FROM raw.allocation a GROUP BY a.territory_id, a.region_code
  UNION ALL
  SELECT 'a fact', min(f.id)::text, f.territory_id, f.region_code FROM pub.fact f WHERE f.territory_id IS NOT NULL GROUP BY f.territory_id, f.region_code
  UNION ALL
  SELECT 'a place', min(p.id::text), p.territory_id, p.region_code FROM raw.place p GROUP BY p.territory_id, p.region_code
  UNION ALL
  SELECT 'a shown place', min(p.id::text), p.territory_id, p.region_code FROM pub.place p GROUP BY p.territory_id, p.region_code
) x
LEFT JOIN pub.territory t ON t.id = x.territory
WHERE x.region IS DISTINCT FROM t.region_code
ORDER BY 1, 2
