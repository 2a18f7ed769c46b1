-- Encodes the activities under a filter in one tile, and the outlines of the
-- cells that some are shown in.
-- Points belong to the tile that holds them, west and north edge included, so
-- that no place is counted twice. A group stands at the mean of its points,
-- summed as whole centimetres: the sum of fractions would depend on the plan.
-- Filter arguments; @z, @x, @y; @deepest: group by spot alone.
-- Index: place_geom.
WITH box AS (
  SELECT tile, ST_XMin(tile) AS west, ST_YMax(tile) AS north, (ST_XMax(tile) - ST_XMin(tile)) / 16 AS side
  FROM (SELECT ST_TileEnvelope(@z, @x, @y) AS tile) t
), hit AS (
  SELECT p.geom AS spot, p.level, p.cell, a.id, a.name, a.status,
         floor((ST_X(p.geom) - box.west) / box.side) AS gx, floor((box.north - ST_Y(p.geom)) / box.side) AS gy
  FROM box
  JOIN pub.place p ON p.geom && box.tile
  JOIN pub.activity a ON a.id = p.activity_id
  WHERE
  -- include filter
), inside AS (
  SELECT * FROM hit WHERE gx >= 0 AND gx < 16 AND gy >= 0 AND gy < 16
), grouped AS (
  SELECT count(*) AS count, count(*) FILTER (WHERE status = 'validated') AS validated,
         ST_SetSRID(ST_MakePoint(sum(round(ST_X(spot) * 100)::bigint)::float8 / count(*) / 100,
                                 sum(round(ST_Y(spot) * 100)::bigint)::float8 / count(*) / 100), 3857) AS spot,
         CASE WHEN count(*) = 1 THEN min(id::text) END AS id,
         CASE WHEN count(*) = 1 THEN min(name) END AS name,
         CASE WHEN count(*) = 1 THEN min(status) END AS status,
         CASE WHEN count(*) = 1 THEN min(level) END AS level
  FROM inside
  GROUP BY CASE WHEN @deepest THEN spot::text ELSE gx::text || ',' || gy::text END
), point AS (
  SELECT g.count, g.validated, g.id, g.name, g.status, g.level, ST_AsMVTGeom(g.spot, box.tile, 4096, 256, false) AS geom
  FROM grouped g CROSS JOIN box
), cell AS (
  SELECT to_hex(c.cell) AS id, i.count, ST_AsMVTGeom(ST_Transform(c.outline, 3857), box.tile, 4096, 64, true) AS geom
  FROM box
  JOIN LATERAL (
    SELECT p.cell, count(*) AS count
    FROM pub.place p JOIN pub.activity a ON a.id = p.activity_id
    -- A cell's spot lies in it, so cells that reach in have theirs nearby.
    WHERE @z::integer >= 11 AND p.level = 'cell' AND p.geom && ST_Expand(box.tile, 2500) AND
  -- include filter
    GROUP BY p.cell
  ) i ON true
  JOIN pub.cell c ON c.cell = i.cell
)
SELECT (SELECT ST_AsMVT(q, 'activities', 4096, 'geom' ORDER BY ST_Y(q.geom), ST_X(q.geom), q.id, q.count, q.validated)
        FROM point q)
    || (SELECT ST_AsMVT(q, 'activity_cells', 4096, 'geom' ORDER BY q.id)
        FROM (SELECT id, count, geom FROM cell WHERE geom IS NOT NULL) q)
