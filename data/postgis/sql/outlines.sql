-- The boundaries in force of some kinds, as drawn at zoom 6, EPSG:3857.
-- @kinds.
SELECT sh.code, sh.name, d.geom
FROM pub.boundary_set s
JOIN pub.shape sh ON sh.set_id = s.id
JOIN pub.shape_drawn d ON d.set_id = s.id AND d.code = sh.code AND d.zoom = 6
WHERE s.current AND s.kind = ANY (@kinds::text[])
ORDER BY sh.name
