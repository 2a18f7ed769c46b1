-- Encodes what listed activities need and is open on @day in one tile: at the
-- deepest zoom those at one spot together, above it those in one of 16 by 16
-- squares. A need stands at one place of its activity, the first under the
-- filter, so that it is counted once. See tile_activities.
-- Filter arguments; @types; @day; @z, @x, @y; @deepest: group by spot alone.
-- Index: place_geom, raw.need (activity_id).
-- include tile_grid
, hit AS (
  SELECT p.geom AS spot, p.level, n.id::text AS id, a.id::text AS activity, a.name, n.type, n.quantity_milli, n.unit, n.status, n.open_to::text AS until,
         floor((ST_X(p.geom) - box.west) / box.side) AS gx, floor((box.north - ST_Y(p.geom)) / box.side) AS gy
  FROM box
  JOIN pub.place p ON p.geom && box.tile
  JOIN pub.activity a ON a.id = p.activity_id
  JOIN pub.need n ON n.activity_id = a.id
  WHERE n.status IN ('open', 'part_met') AND COALESCE(n.open_from, '-infinity') <= @day::date AND COALESCE(n.open_to, 'infinity') >= @day::date
    AND (@types::text[] IS NULL OR n.type = ANY (@types))
    AND p.id = (SELECT p.id FROM pub.place p WHERE p.activity_id = a.id AND
  -- include filter
    ORDER BY p.id LIMIT 1)
), inside AS (
  SELECT * FROM hit WHERE gx >= 0 AND gx < 16 AND gy >= 0 AND gy < 16
), grouped AS (
  SELECT count(*) AS count,
         ST_SetSRID(ST_MakePoint(sum(round(ST_X(spot) * 100)::bigint)::float8 / count(*) / 100,
                                 sum(round(ST_Y(spot) * 100)::bigint)::float8 / count(*) / 100), 3857) AS spot,
         CASE WHEN count(*) = 1 THEN min(id) END AS id, CASE WHEN count(*) = 1 THEN min(activity) END AS activity, CASE WHEN count(*) = 1 THEN min(name) END AS name,
         CASE WHEN count(*) = 1 THEN min(type) END AS type, CASE WHEN count(*) = 1 THEN min(quantity_milli) END AS quantity_milli, CASE WHEN count(*) = 1 THEN min(unit) END AS unit,
         CASE WHEN count(*) = 1 THEN min(status) END AS status, CASE WHEN count(*) = 1 THEN min(until) END AS until, CASE WHEN count(*) = 1 THEN min(level) END AS level
  FROM inside
  GROUP BY CASE WHEN @deepest THEN spot::text ELSE gx::text || ',' || gy::text END
)
SELECT ST_AsMVT(q, 'needs', 4096, 'geom' ORDER BY ST_Y(q.geom), ST_X(q.geom), q.id, q.count)
FROM (SELECT g.count, g.id, g.activity, g.name, g.type, g.quantity_milli, g.unit, g.status, g.until, g.level, ST_AsMVTGeom(g.spot, box.tile, 4096, 256, false) AS geom
      FROM grouped g CROSS JOIN box) q
