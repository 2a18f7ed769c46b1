-- Every stored place with a position, or with a postcode or outward code that
-- has one. Makes "located" for assign.sql. Secret places have none: they stay
-- where they were put.
CREATE TEMP TABLE located ON COMMIT DROP AS
SELECT row_number() OVER (ORDER BY p.id)::integer AS n, p.id AS place_id,
       CASE WHEN GeometryType(p.geom) = 'POINT' THEN p.geom ELSE ST_PointOnSurface(p.geom) END AS spot,
       CASE WHEN p.method = 'postcode' THEN pc.territory_id END AS postcode_territory,
       CASE WHEN p.method = 'postcode' THEN pc.area_code END AS postcode_area,
       p.given_area, p.given_territory
FROM raw.place p
LEFT JOIN pub.postcode pc ON pc.postcode = p.postcode AND p.method = 'postcode'
WHERE p.class < 3
