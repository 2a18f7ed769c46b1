-- Encodes the areas, or target areas, of a gap in one tile, and where their
-- names stand, each with one priority's figures.
-- @places, @names, @priorities, @priority_names, @states, @gaps, @scores,
-- @lowers, @uppers, @flows, @needs, @pence, @contributions, @activities: parallel
-- arrays; @targets: whether the places are target areas; @day; @z, @x, @y;
-- @drawn: the zoom whose simplified boundaries to draw.
-- Index: shape_drawn_geom.
WITH box AS (
  SELECT ST_TileEnvelope(@z, @x, @y) AS tile, ST_TileEnvelope(@z, @x, @y, margin => 64.0 / 4096) AS wide
), figure AS (
  SELECT * FROM unnest(@places::text[], @names::text[], @priorities::text[], @priority_names::text[], @states::text[], @gaps::integer[], @scores::float8[], @lowers::float8[], @uppers::float8[],
    @flows::float8[], @needs::float8[], @pence::bigint[], @contributions::bigint[], @activities::integer[])
    AS f(id, name, priority, priority_name, state, gaps, score, lower, upper, flow_share, need_share, pence, contributions, activities)
), member AS (
  SELECT f.id, sh.set_id, sh.code, sh.label, sh.radius_m
  FROM figure f
  CROSS JOIN LATERAL (
    SELECT f.id AS code WHERE NOT @targets::boolean
    UNION SELECT unnest(t.areas) FROM pub.target_area t WHERE @targets AND t.code = f.id AND t.valid_from <= @day::date AND t.valid_to > @day::date
  ) u
  JOIN pub.boundary_set s ON s.current AND s.kind IN ('county_or_unitary', 'district')
  JOIN pub.shape sh ON sh.set_id = s.id AND sh.code = u.code
), here AS (
  SELECT m.id, ST_AsMVTGeom(ST_Multi(ST_Union(d.geom ORDER BY d.code)), box.tile, 4096, 64, true) AS geom
  FROM box
  JOIN pub.shape_drawn d ON d.zoom = @drawn AND d.geom && box.wide
  JOIN member m ON m.set_id = d.set_id AND m.code = d.code
  GROUP BY m.id, box.tile
), label AS (
  SELECT w.id, ST_AsMVTGeom(w.label, box.tile, 4096, 0, false) AS geom
  FROM box
  JOIN (SELECT DISTINCT ON (m.id) m.* FROM member m ORDER BY m.id, m.radius_m DESC, m.code) w
    ON ST_X(w.label) >= ST_XMin(box.tile) AND ST_X(w.label) < ST_XMax(box.tile) AND ST_Y(w.label) > ST_YMin(box.tile) AND ST_Y(w.label) <= ST_YMax(box.tile)
)
SELECT COALESCE((SELECT ST_AsMVT(q, 'gaps', 4096, 'geom' ORDER BY q.id) FROM (SELECT f.*, h.geom FROM here h JOIN figure f USING (id) WHERE h.geom IS NOT NULL) q), '')
    || COALESCE((SELECT ST_AsMVT(q, 'gaps_label', 4096, 'geom' ORDER BY q.id) FROM (SELECT f.*, l.geom FROM label l JOIN figure f USING (id) WHERE l.geom IS NOT NULL) q), '')
