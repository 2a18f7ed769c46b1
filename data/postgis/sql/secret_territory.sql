-- The territory of a position or a postcode, asked for a row whose position
-- must not be stored.
-- @lon, @lat: EPSG:4326, or null; @postcode, @outcode: or null; @territory_set;
-- @near: metres that a position may lie from its territory.
SELECT COALESCE(
  (SELECT pc.territory_id FROM pub.postcode pc WHERE @lon::float8 IS NULL AND pc.postcode = @postcode),
  (SELECT near.code
   FROM (SELECT CASE WHEN @lon::float8 IS NOT NULL THEN ST_SetSRID(ST_MakePoint(@lon, @lat), 4326)
                     ELSE COALESCE((SELECT pc.geom FROM pub.postcode pc WHERE pc.postcode = @postcode),
                                   (SELECT oc.geom FROM pub.outcode oc WHERE oc.outcode = @outcode)) END AS geom) spot
   CROSS JOIN LATERAL (
     SELECT sp.code, sp.geom FROM pub.shape_piece sp
     WHERE sp.set_id = @territory_set::integer AND spot.geom IS NOT NULL
     ORDER BY sp.geom <-> spot.geom LIMIT 1) near
   WHERE ST_Distance(near.geom::geography, spot.geom::geography) <= @near), '')
