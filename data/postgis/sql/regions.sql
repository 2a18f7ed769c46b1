-- The regions with the territories in each on a day.
-- @as_at.
SELECT r.code, r.itl1, r.nuts1, r.name, COALESCE(r.name_cy, ''), r.nation,
       ARRAY(SELECT t.id FROM pub.territory t WHERE t.region_code = r.code AND t.valid_from <= @as_at AND t.valid_to > @as_at ORDER BY t.name)
FROM pub.region r
ORDER BY r.name
