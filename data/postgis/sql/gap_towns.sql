-- The populations of the towns in each area of a territory: the baseline where
-- none is loaded.
-- @territory.
-- Index: town_geom.
SELECT 'population of towns', sp.code, sum(t.population)::float8
FROM pub.boundary_set s
JOIN pub.shape sh ON sh.set_id = s.id AND sh.territory_id = @territory
JOIN pub.shape_piece sp ON sp.set_id = s.id AND sp.code = sh.code
JOIN pub.town t ON ST_Intersects(sp.geom, t.geom)
WHERE s.current AND s.kind IN ('county_or_unitary', 'district')
GROUP BY sp.code
