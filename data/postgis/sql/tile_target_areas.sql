-- Encodes the public target areas in force on @day in one tile, and where their
-- names stand: the label of their widest area. Each is the union of the areas
-- that it is made of as they are drawn, which share their borders, and so do
-- target areas that are neighbours.
-- @day; @z, @x, @y; @drawn: the zoom whose simplified boundaries to draw;
-- @regions, @territories, @areas, @target_areas, @box: the filter.
-- Index: shape_drawn_geom.
WITH box AS (
  SELECT ST_TileEnvelope(@z, @x, @y) AS tile, ST_TileEnvelope(@z, @x, @y, margin => 64.0 / 4096) AS wide
), member AS (
  SELECT t.id AS row, t.code AS id, t.label AS name, t.set_name AS set, t.basis, t.plan_id AS plan, sh.set_id, sh.code, sh.label, sh.radius_m,
         (@regions::text[] IS NULL OR g.region_code = ANY (@regions)) AND (@territories::text[] IS NULL OR g.id = ANY (@territories))
           AND (@areas::text[] IS NULL OR sh.code = ANY (@areas)) AND (@box::geometry IS NULL OR ST_Intersects(sh.geom, ST_Transform(@box, 4326))) AS kept
  FROM pub.target_area t
  CROSS JOIN LATERAL (SELECT DISTINCT unnest(t.areas) AS code) u
  JOIN pub.boundary_set s ON s.current AND s.kind IN ('county_or_unitary', 'district')
  JOIN pub.shape sh ON sh.set_id = s.id AND sh.code = u.code
  LEFT JOIN pub.territory g ON g.id = sh.territory_id
  WHERE t.valid_from <= @day::date AND t.valid_to > @day::date AND (@target_areas::text[] IS NULL OR t.code = ANY (@target_areas))
), kept AS (
  SELECT DISTINCT m.row FROM member m WHERE m.kept
), here AS (
  SELECT m.row, m.id, m.name, m.set, m.basis, m.plan, ST_AsMVTGeom(ST_Multi(ST_Union(d.geom ORDER BY d.code)), box.tile, 4096, 64, true) AS geom
  FROM box
  JOIN pub.shape_drawn d ON d.zoom = @drawn AND d.geom && box.wide
  JOIN member m ON m.set_id = d.set_id AND m.code = d.code
  JOIN kept USING (row)
  GROUP BY m.row, m.id, m.name, m.set, m.basis, m.plan, box.tile
), label AS (
  SELECT w.row, w.id, w.name, w.set, w.basis, w.plan, ST_AsMVTGeom(w.label, box.tile, 4096, 0, false) AS geom
  FROM box
  JOIN (SELECT DISTINCT ON (m.row) m.* FROM member m JOIN kept USING (row) ORDER BY m.row, m.radius_m DESC, m.code) w
    ON ST_X(w.label) >= ST_XMin(box.tile) AND ST_X(w.label) < ST_XMax(box.tile) AND ST_Y(w.label) > ST_YMin(box.tile) AND ST_Y(w.label) <= ST_YMax(box.tile)
)
SELECT COALESCE((SELECT ST_AsMVT(q, 'target_areas', 4096, 'geom' ORDER BY q.id, q.name)
        FROM (SELECT id, name, set, basis, plan, geom FROM here WHERE geom IS NOT NULL) q), '')
    || COALESCE((SELECT ST_AsMVT(q, 'target_areas_label', 4096, 'geom' ORDER BY q.id, q.name)
        FROM (SELECT id, name, set, basis, plan, geom FROM label WHERE geom IS NOT NULL) q), '')
