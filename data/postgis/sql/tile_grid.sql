WITH box AS (
  SELECT tile, ST_XMin(tile) AS west, ST_YMax(tile) AS north, (ST_XMax(tile) - ST_XMin(tile)) / 16 AS side
  FROM (SELECT ST_TileEnvelope(@z, @x, @y) AS tile) t
)
