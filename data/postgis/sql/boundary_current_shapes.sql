-- The boundaries in force with their shapes.
SELECT s.id, sh.code, sh.name, COALESCE(sh.name_cy, ''), COALESCE(sh.territory_id, ''), sh.geom
FROM pub.boundary_set s JOIN pub.shape sh ON sh.set_id = s.id
WHERE s.current ORDER BY s.id, sh.code
