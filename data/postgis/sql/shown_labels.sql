-- Where the names of the regions, territories and areas in force stand, and
-- the region of each territory.
SELECT sh.code, ST_X(sh.label), ST_Y(sh.label), COALESCE(t.region_code, '')
FROM pub.boundary_set s
JOIN pub.shape sh ON sh.set_id = s.id
LEFT JOIN pub.territory t ON s.kind = 'territory' AND t.id = sh.code
WHERE s.current
