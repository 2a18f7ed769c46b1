-- Moves the staged boundaries into a set. The label point is set when the
-- boundary has been simplified.
-- $1 set.
WITH taken AS (DELETE FROM incoming_shape RETURNING *)
INSERT INTO pub.shape (set_id, code, name, name_cy, territory_id, geom, label, radius_m)
SELECT $1, code, name, name_cy, territory_id, geom, ST_Transform(ST_PointOnSurface(geom), 3857),
       ceil(sqrt(ST_Area(geom::geography, false) / pi()))::integer
FROM taken
