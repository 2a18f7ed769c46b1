-- Writes the added, changed and vanished places, and notes the activities that
-- this touched. A place is left alone if a row of its activity was refused:
-- that row may have been it. Of an activity that is secret now none is, as it
-- may be where it was.
WITH vanished AS (
  DELETE FROM raw.place r
  USING incoming i
  WHERE r.activity_id = i.activity_id AND NOT i.added
    AND NOT EXISTS (SELECT FROM incoming_place p WHERE p.activity_id = r.activity_id AND p.place_key = r.place_key)
    AND (i.class = 3 AND r.class < 3 OR NOT EXISTS (SELECT FROM refused_id x WHERE x.external_id = i.external_id))
  RETURNING r.activity_id
), changed AS (
  UPDATE raw.place r
  SET role = p.role, class = p.class, class_reasons = p.class_reasons, geom = p.geom, cell = p.cell,
      postcode = p.postcode, outcode = p.outcode, locality = p.locality, given_area = p.given_area,
      given_territory = p.given_territory, method = p.method, precision_m = p.precision_m,
      territory_id = p.territory_id, region_code = p.region_code, area_code = p.area_code
  FROM incoming_place p
  WHERE p.changed AND r.activity_id = p.activity_id AND r.place_key = p.place_key
  RETURNING r.activity_id
), added AS (
  INSERT INTO raw.place (id, activity_id, place_key, role, class, class_reasons, geom, cell, postcode, outcode, locality,
                         given_area, given_territory, method, precision_m, territory_id, region_code, area_code)
  SELECT gen_random_uuid(), activity_id, place_key, role, class, class_reasons, geom, cell, postcode, outcode, locality,
         given_area, given_territory, method, precision_m, territory_id, region_code, area_code
  FROM incoming_place WHERE added
  RETURNING activity_id
)
INSERT INTO touched (activity_id)
(SELECT activity_id FROM incoming WHERE added OR changed
UNION SELECT activity_id FROM vanished
UNION SELECT activity_id FROM changed
UNION SELECT activity_id FROM added)
EXCEPT SELECT activity_id FROM touched
