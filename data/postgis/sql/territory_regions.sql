-- The regions and the territories in each.
SELECT r.code, r.name, r.name_cy, t.id FROM pub.region r JOIN pub.territory t ON t.region_code = r.code ORDER BY r.code, t.id
