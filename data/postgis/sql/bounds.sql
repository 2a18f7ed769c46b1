-- The box around a territory, region or area, degrees, without islets far out at
-- sea that would make the map of it a map of water: Rockall, Foula and such
-- are left out when they are less than a thousandth of it.
-- @code: a territory's id, a region's or an area's code.
WITH shape AS (
  SELECT sh.geom, s.approximate, s.source
  FROM pub.boundary_set s JOIN pub.shape sh ON sh.set_id = s.id
  WHERE s.current AND s.kind IN ('territory', 'region', 'county_or_unitary', 'district') AND sh.code = @code
), part AS (
  SELECT (ST_Dump(geom)).geom, ST_Area(geom) AS whole FROM shape
), box AS (
  SELECT ST_Extent(geom) AS b FROM part WHERE ST_Area(geom) > whole / 2000
)
SELECT ST_XMin(b), ST_YMin(b), ST_XMax(b), ST_YMax(b), approximate, source FROM box CROSS JOIN shape
