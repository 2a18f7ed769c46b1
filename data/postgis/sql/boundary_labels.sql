-- Moves each label to the middle of the widest part of the boundary as drawn
-- on a map of the country.
-- $1 set.
UPDATE pub.shape s
SET label = c.center
FROM (
  SELECT DISTINCT ON (code) code, (ST_MaximumInscribedCircle(part.geom)).center
  FROM pub.shape_drawn d CROSS JOIN LATERAL ST_Dump(d.geom) part
  WHERE d.set_id = $1 AND d.zoom = 8 AND ST_IsValid(part.geom)
  ORDER BY code, ST_Area(part.geom) DESC
) c
WHERE s.set_id = $1 AND s.code = c.code
  AND ST_Intersects(s.geom, ST_Transform(c.center, 4326))
