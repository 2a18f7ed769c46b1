-- Moves the places whose territory or area is another one now.
UPDATE raw.place p
SET territory_id = a.territory_id, area_code = a.area_code, region_code = t.region_code
FROM located l JOIN assigned a USING (n) JOIN pub.territory t ON t.id = a.territory_id
WHERE p.id = l.place_id AND (p.territory_id, p.area_code) IS DISTINCT FROM (a.territory_id, a.area_code)
