-- Where postcodes, outward codes and positions lie, with the territory and area
-- of each, by polygon; areas that nest in territories tell the territory too.
-- @sites, @postcodes, @outcodes, @lons, @lats: parallel arrays; null where not
-- given.
-- Index: postcode and outcode by primary key, shape_piece_geom.
WITH areas AS MATERIALIZED (
  SELECT id, nests FROM pub.boundary_set WHERE current AND kind IN ('county_or_unitary', 'district')
), territories AS MATERIALIZED (
  SELECT id FROM pub.boundary_set WHERE current AND kind = 'territory'
)
SELECT s.site, ST_X(at.geom), ST_Y(at.geom), COALESCE(a.territory_id, t.code, ''), COALESCE(a.code, '')
FROM unnest(@sites::text[], @postcodes::text[], @outcodes::text[], @lons::float8[], @lats::float8[]) WITH ORDINALITY AS s(site, postcode, outcode, lon, lat, n)
LEFT JOIN pub.postcode pc ON pc.postcode = s.postcode
LEFT JOIN pub.outcode oc ON oc.outcode = s.outcode
CROSS JOIN LATERAL (SELECT COALESCE(ST_SetSRID(ST_MakePoint(s.lon, s.lat), 4326), pc.geom, oc.geom) AS geom) at
LEFT JOIN LATERAL (
  SELECT sp.code, CASE WHEN (SELECT nests FROM areas) THEN sh.territory_id END AS territory_id
  FROM pub.shape_piece sp JOIN pub.shape sh ON sh.set_id = sp.set_id AND sh.code = sp.code
  WHERE sp.set_id = (SELECT id FROM areas) AND ST_Intersects(sp.geom, at.geom)
  ORDER BY sp.code LIMIT 1
) a ON true
LEFT JOIN LATERAL (
  SELECT sp.code FROM pub.shape_piece sp
  WHERE a.territory_id IS NULL AND sp.set_id = (SELECT id FROM territories) AND ST_Intersects(sp.geom, at.geom)
  ORDER BY sp.code LIMIT 1
) t ON true
ORDER BY s.n
