-- Encodes the hubs that are active on @day in one tile: each at its host's
-- first campus in its region, else where the region's name stands. A hub serves
-- its region, and so each territory there.
-- Filter arguments; @day; @z, @x, @y.
WITH box AS (SELECT ST_TileEnvelope(@z, @x, @y) AS tile), hub AS (
  SELECT h.id::text AS id, h.host AS name, h.region_code AS region, r.name AS region_name, h.commissioned_on::text AS commissioned_on,
         COALESCE(c.spot, sh.label) AS spot, CASE WHEN c.spot IS NULL THEN 'region' ELSE 'exact' END AS level
  FROM pub.hub h
  JOIN pub.region r ON r.code = h.region_code
  LEFT JOIN LATERAL (
    SELECT ST_Transform(c.geom, 3857) AS spot FROM pub.campus c JOIN pub.territory t ON t.id = c.territory_id
    WHERE c.organisation_id = h.host_id AND t.region_code = h.region_code ORDER BY c.name, c.id LIMIT 1
  ) c ON true
  LEFT JOIN LATERAL (
    SELECT sh.label FROM pub.boundary_set s JOIN pub.shape sh ON sh.set_id = s.id WHERE s.current AND s.kind = 'region' AND sh.code = h.region_code
  ) sh ON true
  WHERE h.commissioned_on <= @day::date AND COALESCE(h.ended_on, 'infinity') > @day::date
    AND (@regions::text[] IS NULL OR h.region_code = ANY (@regions))
    AND (@territories::text[] IS NULL OR h.region_code IN (SELECT t.region_code FROM pub.territory t WHERE t.id = ANY (@territories)))
)
SELECT ST_AsMVT(q, 'hubs', 4096, 'geom' ORDER BY q.region, q.id)
FROM (
  SELECT h.id, h.name, h.region, h.region_name, h.commissioned_on, h.level, ST_AsMVTGeom(h.spot, box.tile, 4096, 0, false) AS geom
  FROM box JOIN hub h ON ST_X(h.spot) >= ST_XMin(box.tile) AND ST_X(h.spot) < ST_XMax(box.tile) AND ST_Y(h.spot) > ST_YMin(box.tile) AND ST_Y(h.spot) <= ST_YMax(box.tile)
  WHERE @box::geometry IS NULL OR ST_Intersects(h.spot, @box)
) q
