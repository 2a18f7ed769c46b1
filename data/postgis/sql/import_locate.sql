-- Finds the position of each staged row: its own, else its postcode's, else
-- its outward code's. Makes "located" for assign.sql.
-- Index: postcode and outcode by primary key.
CREATE TEMP TABLE located ON COMMIT DROP AS
SELECT s.n,
       COALESCE(s.geom, pc.geom, oc.geom) AS geom,
       CASE WHEN s.class = 3 THEN NULL
            WHEN s.geom IS NULL THEN COALESCE(pc.geom, oc.geom)
            WHEN GeometryType(s.geom) = 'POINT' THEN s.geom
            ELSE ST_PointOnSurface(s.geom) END AS spot,
       CASE WHEN s.geom IS NULL THEN COALESCE(pc.cell, oc.cell) ELSE s.cell END AS cell,
       CASE WHEN s.class = 3 THEN s.method
            WHEN s.geom IS NOT NULL THEN s.method
            WHEN pc.postcode IS NOT NULL THEN 'postcode'
            WHEN oc.outcode IS NOT NULL THEN 'outcode'
            WHEN s.given_area IS NOT NULL OR s.given_territory IS NOT NULL THEN 'code' END AS method,
       CASE WHEN s.geom IS NULL THEN pc.territory_id END AS postcode_territory,
       CASE WHEN s.geom IS NULL THEN pc.area_code END AS postcode_area,
       s.given_area, s.given_territory,
       -- A postcode that is not there although its neighbours are does not
       -- exist; where none were loaded its outward code has to do.
       s.geom IS NULL AND s.postcode IS NOT NULL AND pc.postcode IS NULL AND (oc.outcode IS NULL OR NOT oc.given
         OR EXISTS (SELECT FROM pub.postcode q WHERE q.postcode >= oc.outcode || ' ' AND q.postcode < oc.outcode || '!')) AS postcode_unknown,
       s.geom IS NULL AND s.postcode IS NULL AND s.outcode IS NOT NULL AND oc.outcode IS NULL AS outcode_unknown
FROM stage s
LEFT JOIN pub.postcode pc ON pc.postcode = s.postcode AND s.geom IS NULL
LEFT JOIN pub.outcode oc ON oc.outcode = COALESCE(s.outcode, split_part(s.postcode, ' ', 1)) AND s.geom IS NULL
