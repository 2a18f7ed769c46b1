-- Encodes the towns in one tile: at low zooms the larger ones alone, so that
-- names have room. A town belongs to the tile that holds it.
-- @z, @x, @y; @population: the smallest town shown.
WITH box AS (SELECT ST_TileEnvelope(@z, @x, @y) AS tile)
SELECT ST_AsMVT(q, 'towns', 4096, 'geom' ORDER BY q.population DESC, q.name, ST_X(q.geom), ST_Y(q.geom))
FROM (
  SELECT w.name, w.population, ST_AsMVTGeom(g.geom, box.tile, 4096, 0, false) AS geom
  FROM box
  JOIN pub.town w ON w.population >= @population
  CROSS JOIN LATERAL (SELECT ST_Transform(w.geom, 3857) AS geom) g
  WHERE ST_X(g.geom) >= ST_XMin(box.tile) AND ST_X(g.geom) < ST_XMax(box.tile)
    AND ST_Y(g.geom) >= ST_YMin(box.tile) AND ST_Y(g.geom) < ST_YMax(box.tile)
) q
