-- One row a place of the file, beside what is stored. Makes "incoming_place".
-- Of a secret activity every place is secret: one row may say what another
-- does not.
-- @territory_set.
-- Index: place (activity_id, place_key).
CREATE TEMP TABLE incoming_place ON COMMIT DROP AS
SELECT f.*, r.id IS NULL AS added,
       r.id IS NOT NULL AND (r.role, r.class, r.class_reasons, r.territory_id, r.area_code, r.method, r.locality)
         IS DISTINCT FROM (f.role, f.class, f.class_reasons, f.territory_id, f.area_code, f.method, f.locality) AS changed
FROM (
  SELECT DISTINCT ON (g.activity_id, g.place_key) g.*, t.region_code
  FROM (
    SELECT i.activity_id, p.line, p.place_key, p.role, p.class, p.class_reasons, p.geom, p.cell, p.postcode, p.outcode, p.locality,
           p.given_area, p.given_territory, p.method, p.precision_m, p.territory_id, p.area_code
    FROM placed p JOIN incoming i ON i.external_id = p.external_id
    WHERE p.reason IS NULL AND (i.class < 3 OR p.class = 3)
    UNION ALL
    SELECT i.activity_id, p.line, p.role, p.role, 3, p.class_reasons || 'another row of the activity is secret'::text, NULL, NULL, NULL, NULL, NULL,
           NULL, p.territory_id, 'code', sh.radius_m, p.territory_id, NULL
    FROM placed p JOIN incoming i ON i.external_id = p.external_id
    JOIN pub.shape sh ON sh.set_id = @territory_set::integer AND sh.code = p.territory_id
    WHERE p.reason IS NULL AND i.class = 3 AND p.class < 3
  ) g
  JOIN pub.territory t ON t.id = g.territory_id
  ORDER BY g.activity_id, g.place_key, g.line
) f
LEFT JOIN raw.place r ON r.activity_id = f.activity_id AND r.place_key = f.place_key
