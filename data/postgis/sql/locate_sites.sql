-- The changed sites of organisations and contracts, with what says where they
-- are. A contract's ground stands for itself. Makes "located" for assign.sql.
CREATE TEMP TABLE located ON COMMIT DROP AS
SELECT row_number() OVER (ORDER BY s.id)::integer AS n, s.id AS site_id, COALESCE(own.geom, s.ground, pc.geom, oc.geom) AS spot,
       pc.territory_id AS postcode_territory, pc.area_code AS postcode_area, s.area_code AS given_area, s.territory AS given_territory_alone, NULL::text AS given_territory
FROM changed x
JOIN (
  SELECT id, area_code, territory, latitude, longitude, postcode, NULL::geometry AS ground FROM raw.site
  UNION ALL
  SELECT id, area_code, territory, latitude, longitude, postcode, ST_PointOnSurface(demise_geom) FROM raw.delivery_site
) s ON s.id = x.id
LEFT JOIN LATERAL (SELECT ST_SetSRID(ST_MakePoint(s.longitude, s.latitude), 4326) AS geom WHERE s.latitude IS NOT NULL) own ON true
LEFT JOIN pub.postcode pc ON pc.postcode = s.postcode AND own.geom IS NULL AND s.ground IS NULL
LEFT JOIN pub.outcode oc ON oc.outcode = split_part(s.postcode, ' ', 1) AND own.geom IS NULL AND s.ground IS NULL
WHERE x.kind IN ('site', 'delivery_site')
