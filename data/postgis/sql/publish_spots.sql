-- The spot that stands for a cell in one territory and area: the cell's centre
-- if that lies there too, else a point of the part that does. It depends on
-- the cell and the boundaries alone, so it tells nothing of the position. A
-- part smaller than a tenth of the cell would tell too much: level area then.
-- Makes "spot".
-- @territory_set, @area_set.
-- Index: shape_piece_geom.
CREATE TEMP TABLE spot ON COMMIT DROP AS
SELECT w.cell, w.territory_id, w.area_code,
       CASE WHEN inside.yes THEN ST_Transform(c.centre, 3857)
            WHEN part.share >= 0.1 THEN ST_Transform(part.point, 3857) END AS geom
FROM (
  SELECT DISTINCT (p.cell & ~(15::bigint << 52)) | (8::bigint << 52) | (7::bigint << 18) AS cell, p.territory_id, p.area_code
  FROM touched t
  JOIN raw.activity a ON a.id = t.activity_id AND a.class = 1
  JOIN raw.place p ON p.activity_id = a.id AND p.cell IS NOT NULL
) w
JOIN pub.cell c USING (cell)
CROSS JOIN LATERAL (
  SELECT EXISTS (SELECT FROM pub.shape_piece sp
                 WHERE sp.set_id = CASE WHEN w.area_code IS NULL THEN @territory_set::integer ELSE @area_set::integer END
                   AND sp.code = COALESCE(w.area_code, w.territory_id) AND ST_Intersects(sp.geom, c.centre)) AS yes
) inside
LEFT JOIN LATERAL (
  SELECT ST_PointOnSurface(ST_Union(x.geom)) AS point, sum(ST_Area(x.geom)) / ST_Area(c.outline) AS share
  FROM (SELECT ST_CollectionExtract(ST_Intersection(sp.geom, c.outline), 3) AS geom
        FROM pub.shape_piece sp
        WHERE sp.set_id = CASE WHEN w.area_code IS NULL THEN @territory_set::integer ELSE @area_set::integer END
          AND sp.code = COALESCE(w.area_code, w.territory_id) AND ST_Intersects(sp.geom, c.outline)) x
) part ON NOT inside.yes
