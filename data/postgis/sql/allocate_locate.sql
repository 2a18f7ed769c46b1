-- Finds the position of each part. Makes "located" for assign.sql. A postcode
-- that is not known falls back to its outward code, and that to nowhere: the
-- money was given all the same.
CREATE TEMP TABLE located ON COMMIT DROP AS
SELECT h.row_n AS n,
       COALESCE(own.geom, pc.geom, oc.geom) AS spot,
       CASE WHEN own.geom IS NULL THEN COALESCE(pc.cell, oc.cell) END AS cell,
       CASE WHEN own.geom IS NOT NULL THEN 'coordinates' WHEN pc.postcode IS NOT NULL THEN 'postcode' WHEN oc.outcode IS NOT NULL THEN 'outcode'
            WHEN h.kind IN ('area', 'territory') OR (h.kind = 'own' AND COALESCE(c.area_code, c.territory) IS NOT NULL) THEN 'code' END AS method,
       pc.territory_id AS postcode_territory, pc.area_code AS postcode_area,
       CASE WHEN h.kind = 'area' THEN h.place WHEN h.kind = 'own' THEN c.area_code END AS given_area,
       CASE WHEN h.kind = 'territory' THEN h.place
            WHEN h.kind = 'own' THEN c.territory END AS given_territory_alone,
       NULL::text AS given_territory
FROM share h
JOIN subject c ON c.contribution_id = h.contribution_id
LEFT JOIN LATERAL (SELECT ST_SetSRID(ST_MakePoint(c.longitude, c.latitude), 4326) AS geom WHERE h.kind = 'own' AND c.latitude IS NOT NULL) own ON true
LEFT JOIN LATERAL (SELECT CASE WHEN h.kind IN ('postcode', 'outcode') THEN h.place WHEN h.kind = 'own' AND c.latitude IS NULL THEN c.postcode END AS code) given ON true
LEFT JOIN pub.postcode pc ON pc.postcode = given.code
LEFT JOIN pub.outcode oc ON oc.outcode = split_part(given.code, ' ', 1)
WHERE h.kind NOT IN ('place', 'nowhere')
