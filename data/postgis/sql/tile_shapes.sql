-- Encodes the boundaries in force of one kind in one tile, with how many
-- activities each holds, and the points where their names stand.
-- @layer: the MVT layer's name; @kind: region, territory or area; @z, @x, @y;
-- @drawn: the zoom whose simplified boundaries to draw; @codes, @activities,
-- @validated: parallel arrays of figures.
-- The tile's box is made and searched in EPSG:3857: widened in degrees it
-- would wrap round the world at zoom 1.
-- Index: shape_drawn_geom.
WITH box AS (
  SELECT ST_TileEnvelope(@z, @x, @y) AS tile, ST_TileEnvelope(@z, @x, @y, margin => 64.0 / 4096) AS wide
), figure AS (
  SELECT * FROM unnest(@codes::text[], @activities::integer[], @validated::integer[]) AS f(code, activities, validated)
), here AS (
  SELECT sh.code AS id, sh.name, sh.name_cy, t.code, COALESCE(t.region_code, a.region_code) AS region,
         CASE WHEN @kind = 'area' THEN sh.territory_id END AS territory,
         COALESCE(f.activities, 0) AS activities, COALESCE(f.validated, 0) AS validated, sh.label,
         ST_AsMVTGeom(d.geom, box.tile, 4096, 64, true) AS geom
  FROM box
  JOIN pub.boundary_set s ON s.current AND CASE WHEN s.kind IN ('county_or_unitary', 'district') THEN 'area' ELSE s.kind END = @kind
  JOIN pub.shape_drawn d ON d.set_id = s.id AND d.zoom = @drawn AND d.geom && box.wide
  JOIN pub.shape sh ON sh.set_id = s.id AND sh.code = d.code
  LEFT JOIN pub.territory t ON s.kind = 'territory' AND t.id = sh.code
  LEFT JOIN pub.territory a ON s.kind IN ('county_or_unitary', 'district') AND a.id = sh.territory_id
  LEFT JOIN figure f ON f.code = sh.code
), label AS (
  SELECT sh.code AS id, sh.name, sh.name_cy, COALESCE(f.activities, 0) AS activities,
         ST_AsMVTGeom(sh.label, box.tile, 4096, 0, false) AS geom
  FROM box
  JOIN pub.boundary_set s ON s.current AND CASE WHEN s.kind IN ('county_or_unitary', 'district') THEN 'area' ELSE s.kind END = @kind
  JOIN pub.shape sh ON sh.set_id = s.id
  LEFT JOIN figure f ON f.code = sh.code
  WHERE ST_X(sh.label) >= ST_XMin(box.tile) AND ST_X(sh.label) < ST_XMax(box.tile)
    AND ST_Y(sh.label) >= ST_YMin(box.tile) AND ST_Y(sh.label) < ST_YMax(box.tile)
)
SELECT (SELECT ST_AsMVT(q, @layer, 4096, 'geom' ORDER BY q.id)
        FROM (SELECT id, name, name_cy, code, region, territory, activities, validated, geom FROM here WHERE geom IS NOT NULL) q)
    || (SELECT ST_AsMVT(q, @layer || '_label', 4096, 'geom' ORDER BY q.id)
        FROM (SELECT id, name, name_cy, activities, geom FROM label WHERE geom IS NOT NULL) q)
