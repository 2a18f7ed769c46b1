-- The towns and villages of a territory, by which a gap's need is known in
-- hexagons, degrees.
-- @territory.
SELECT t.name, t.population::float8, ST_X(t.geom), ST_Y(t.geom) FROM pub.town t WHERE t.territory_id = @territory ORDER BY t.population DESC, t.name, t.id
