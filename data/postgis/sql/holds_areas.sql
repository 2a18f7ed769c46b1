-- Parts and places whose area, of a set that nests in the territories, lies in
-- another territory.
SELECT x.what, format('%s: %s in %s', x.id, x.area, x.territory)
FROM (
  SELECT 'a part' AS what, min(a.contribution_id::text) AS id, a.area_code AS area, a.territory_id AS territory FROM raw.allocation a WHERE a.area_code IS NOT NULL GROUP BY a.area_code, a.territory_id
  UNION ALL
  SELECT 'a place', min(p.id::text), p.area_code, p.territory_id FROM raw.place p WHERE p.area_code IS NOT NULL GROUP BY p.area_code, p.territory_id
) x
JOIN pub.boundary_set b ON b.current AND b.nests
JOIN pub.shape s ON s.set_id = b.id AND s.code = x.area
WHERE s.territory_id IS DISTINCT FROM x.territory
ORDER BY 1, 2
