-- Parts and places whose area, of a set that nests in the territories, lies in
-- another territory, one of each kind and pair.
WITH pair AS (
  SELECT 'a part' AS what, a.area_code AS area, a.territory_id AS territory FROM raw.allocation a WHERE a.area_code IS NOT NULL GROUP BY 2, 3
  UNION ALL
  SELECT 'a place', p.area_code, p.territory_id FROM raw.place p WHERE p.area_code IS NOT NULL GROUP BY 2, 3
)
SELECT x.what, format('%s: %s in %s', CASE x.what
    WHEN 'a part' THEN (SELECT min(a.contribution_id::text) FROM raw.allocation a WHERE a.area_code = x.area AND a.territory_id IS NOT DISTINCT FROM x.territory)
    ELSE (SELECT min(p.id::text) FROM raw.place p WHERE p.area_code = x.area AND p.territory_id IS NOT DISTINCT FROM x.territory) END, x.area, x.territory)
FROM pair x
JOIN pub.boundary_set b ON b.current AND b.nests
JOIN pub.shape s ON s.set_id = b.id AND s.code = x.area
WHERE s.territory_id IS DISTINCT FROM x.territory
ORDER BY 1, 2
