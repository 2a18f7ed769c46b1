-- Where postcodes, outward codes and positions lie, with the territory and area
-- of each.
-- @sites, @postcodes, @outcodes, @lons, @lats: parallel arrays; null where not
-- given.
-- Index: postcode and outcode by primary key, shape_piece_geom.
SELECT s.site, ST_X(at.geom), ST_Y(at.geom), COALESCE(t.code, ''), COALESCE(a.code, '')
FROM unnest(@sites::text[], @postcodes::text[], @outcodes::text[], @lons::float8[], @lats::float8[]) WITH ORDINALITY AS s(site, postcode, outcode, lon, lat, n)
LEFT JOIN pub.postcode pc ON pc.postcode = s.postcode
LEFT JOIN pub.outcode oc ON oc.outcode = s.outcode
CROSS JOIN LATERAL (SELECT COALESCE(ST_SetSRID(ST_MakePoint(s.lon, s.lat), 4326), pc.geom, oc.geom) AS geom) at
LEFT JOIN LATERAL (
  SELECT sp.code FROM pub.boundary_set b JOIN pub.shape_piece sp ON sp.set_id = b.id AND ST_Intersects(sp.geom, at.geom)
  WHERE b.current AND b.kind = 'territory' ORDER BY sp.code LIMIT 1
) t ON true
LEFT JOIN LATERAL (
  SELECT sp.code FROM pub.boundary_set b JOIN pub.shape_piece sp ON sp.set_id = b.id AND ST_Intersects(sp.geom, at.geom)
  WHERE b.current AND b.kind IN ('county_or_unitary', 'district') ORDER BY sp.code LIMIT 1
) a ON true
ORDER BY s.n
