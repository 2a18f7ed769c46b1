-- Positions of parts that have no H3 cell yet, each once.
SELECT DISTINCT ST_X(geom), ST_Y(geom) FROM part WHERE geom IS NOT NULL AND cell IS NULL
