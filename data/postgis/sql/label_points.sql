-- The label points of the territories, regions and areas in force, degrees.
SELECT sh.code, ST_X(p.at), ST_Y(p.at)
FROM pub.boundary_set s
JOIN pub.shape sh ON sh.set_id = s.id
CROSS JOIN LATERAL (SELECT ST_Transform(sh.label, 4326) AS at) p
WHERE s.current
