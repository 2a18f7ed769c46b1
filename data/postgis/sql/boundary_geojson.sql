-- The boundaries in force of one kind as GeoJSON geometries, six decimals (a
-- tenth of a metre).
-- $1 kind: region, territory or area.
SELECT sh.code, ST_AsGeoJSON(ST_ForcePolygonCCW(sh.geom), 6)
FROM pub.boundary_set s JOIN pub.shape sh ON sh.set_id = s.id
WHERE s.current AND CASE WHEN s.kind IN ('county_or_unitary', 'district') THEN 'area' ELSE s.kind END = $1
ORDER BY sh.code
