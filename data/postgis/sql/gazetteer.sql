-- Every spelling by which a territory or an area may be named.
-- S92000003 and N92000002 are regions, and name the one territory in them.
-- @area_set.
SELECT 'territory' AS kind, spelt, id AS code, id AS territory
FROM pub.territory
CROSS JOIN LATERAL (VALUES (id), (code), (name), (COALESCE(name_cy, id)), (force), (COALESCE(police_uk_id, id)),
  (CASE WHEN region_code IN ('S92000003', 'N92000002') THEN region_code ELSE id END)) AS v(spelt)
UNION
SELECT 'area', v.spelt, d.code, d.territory_id
FROM pub.district d
CROSS JOIN LATERAL (VALUES (d.code), (d.name), (COALESCE(d.name_cy, d.code))) AS v(spelt)
UNION
SELECT 'area', v.spelt, sh.code, sh.territory_id
FROM pub.shape sh
CROSS JOIN LATERAL (VALUES (sh.code), (CASE WHEN EXISTS (SELECT FROM pub.district d WHERE d.name = sh.name) THEN sh.code ELSE sh.name END)) AS v(spelt)
WHERE sh.set_id = @area_set::integer AND sh.territory_id IS NOT NULL
