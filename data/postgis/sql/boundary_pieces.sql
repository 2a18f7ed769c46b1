-- Cuts a set's boundaries into pieces of at most 64 vertices, which a point is
-- found in quickly.
-- $1 set.
INSERT INTO pub.shape_piece (set_id, code, geom)
SELECT set_id, code, (ST_Dump(piece)).geom
FROM (SELECT set_id, code, ST_Subdivide(geom, 64) AS piece FROM pub.shape WHERE set_id = $1) s
WHERE ST_Dimension(piece) = 2
