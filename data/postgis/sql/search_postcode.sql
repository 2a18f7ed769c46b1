-- Where a postcode or an outward code is, and whether any postcodes are loaded.
-- @postcode, @outcode: canonical, or null.
SELECT EXISTS (SELECT FROM pub.postcode), hit.kind, hit.code, ST_X(hit.geom), ST_Y(hit.geom), COALESCE(hit.territory, '')
FROM (SELECT) AS always
LEFT JOIN LATERAL (
  SELECT f.kind, f.code, f.geom,
         COALESCE(f.territory_id, (SELECT sp.code FROM pub.shape_piece sp
           WHERE sp.set_id = (SELECT id FROM pub.boundary_set WHERE current AND kind = 'territory')
           ORDER BY sp.geom <-> f.geom LIMIT 1)) AS territory
  FROM (
    SELECT 'postcode' AS kind, postcode AS code, geom, territory_id, 0 AS rank FROM pub.postcode WHERE postcode = @postcode
    UNION ALL
    SELECT 'outcode', outcode, geom, NULL, 1 FROM pub.outcode WHERE outcode = @outcode
  ) f
  ORDER BY rank LIMIT 1
) hit ON true
