-- One row a place of the file, beside what is stored. Makes "incoming_place".
-- Index: place (activity_id, place_key).
CREATE TEMP TABLE incoming_place ON COMMIT DROP AS
SELECT f.*, r.id IS NULL AS added,
       r.id IS NOT NULL AND (r.role, r.class, r.class_reasons, r.territory_id, r.area_code, r.method, r.locality)
         IS DISTINCT FROM (f.role, f.class, f.class_reasons, f.territory_id, f.area_code, f.method, f.locality) AS changed
FROM (
  SELECT DISTINCT ON (i.activity_id, p.place_key) i.activity_id, p.place_key, p.role, p.class, p.class_reasons,
         p.geom, p.cell, p.postcode, p.outcode, p.locality, p.given_area, p.given_territory, p.method,
         p.precision_m, p.territory_id, t.region_code, p.area_code
  FROM placed p
  JOIN incoming i ON i.external_id = p.external_id
  JOIN pub.territory t ON t.id = p.territory_id
  WHERE p.reason IS NULL
  ORDER BY i.activity_id, p.place_key, p.line
) f
LEFT JOIN raw.place r ON r.activity_id = f.activity_id AND r.place_key = f.place_key
