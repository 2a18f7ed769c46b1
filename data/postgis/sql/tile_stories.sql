-- Encodes stories, films and events in one tile, grouped as needs are. One of
-- an activity stands at that one's first place under the filter; any other
-- where the name of its territory stands, or of its region. Those are kept by
-- where they are and by their measures; what asks for an activity leaves them
-- out.
-- Filter arguments; @z, @x, @y; @deepest: group by spot alone.
-- Index: place (activity_id).
-- include tile_grid
, told AS (
  SELECT d.id::text AS id, d.kind, d.title, d.url, d.activity_id::text AS activity, d.published_on::text AS published_on,
         COALESCE(pl.geom, sh.label) AS spot, COALESCE(pl.level, CASE sh.kind WHEN 'region' THEN 'region' ELSE 'territory' END) AS level
  FROM pub.story d
  LEFT JOIN pub.activity a ON a.id = d.activity_id
  LEFT JOIN LATERAL (
    SELECT p.geom, p.level FROM pub.place p WHERE p.activity_id = a.id AND
  -- include filter
    ORDER BY p.id LIMIT 1
  ) pl ON true
  LEFT JOIN LATERAL (
    SELECT sh.label, s.kind
    FROM pub.boundary_set s JOIN pub.shape sh ON sh.set_id = s.id
    LEFT JOIN pub.territory t ON s.kind = 'territory' AND t.id = sh.code
    WHERE d.activity_id IS NULL AND s.current
      AND (s.kind = 'territory' AND sh.code = d.territory_id OR s.kind = 'region' AND d.territory_id IS NULL AND sh.code = d.region_code)
      AND (@regions::text[] IS NULL OR COALESCE(t.region_code, sh.code) = ANY (@regions))
      AND (@territories::text[] IS NULL OR t.id = ANY (@territories))
      AND (@box::geometry IS NULL OR ST_Intersects(sh.label, @box))
      AND (@measures::text[] IS NULL OR d.measures && @measures)
      AND (@priorities::text[] IS NULL OR d.measures && ARRAY(SELECT m.code FROM pub.measure m WHERE m.priority_code = ANY (@priorities)))
      AND @areas::text[] IS NULL AND @target_areas::text[] IS NULL AND @themes::text[] IS NULL AND @statuses::text[] IS NULL AND @providers::text[] IS NULL AND @activities::text[] IS NULL
  ) sh ON true
  WHERE COALESCE(pl.geom, sh.label) IS NOT NULL
), hit AS (
  SELECT t.*, floor((ST_X(t.spot) - box.west) / box.side) AS gx, floor((box.north - ST_Y(t.spot)) / box.side) AS gy
  FROM box JOIN told t ON t.spot && box.tile
), inside AS (
  SELECT * FROM hit WHERE gx >= 0 AND gx < 16 AND gy >= 0 AND gy < 16
), grouped AS (
  SELECT count(*) AS count,
         ST_SetSRID(ST_MakePoint(sum(round(ST_X(spot) * 100)::bigint)::float8 / count(*) / 100,
                                 sum(round(ST_Y(spot) * 100)::bigint)::float8 / count(*) / 100), 3857) AS spot,
         CASE WHEN count(*) = 1 THEN min(id) END AS id, CASE WHEN count(*) = 1 THEN min(kind) END AS kind, CASE WHEN count(*) = 1 THEN min(title) END AS title,
         CASE WHEN count(*) = 1 THEN min(url) END AS url, CASE WHEN count(*) = 1 THEN min(activity) END AS activity,
         CASE WHEN count(*) = 1 THEN min(published_on) END AS published_on, CASE WHEN count(*) = 1 THEN min(level) END AS level
  FROM inside
  GROUP BY CASE WHEN @deepest THEN spot::text ELSE gx::text || ',' || gy::text END
)
SELECT ST_AsMVT(q, 'stories', 4096, 'geom' ORDER BY ST_Y(q.geom), ST_X(q.geom), q.id, q.count)
FROM (SELECT g.count, g.id, g.kind, g.title, g.url, g.activity, g.published_on, g.level, ST_AsMVTGeom(g.spot, box.tile, 4096, 256, false) AS geom
      FROM grouped g CROSS JOIN box) q
