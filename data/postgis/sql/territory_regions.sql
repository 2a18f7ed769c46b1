-- The regions and the territories in each today.
SELECT r.code, r.name, r.name_cy, t.id FROM pub.region r JOIN pub.territory t ON t.region_code = r.code AND t.valid_from <= CURRENT_DATE AND t.valid_to > CURRENT_DATE ORDER BY r.code, t.id
