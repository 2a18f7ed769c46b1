-- Raises the contributions to touched activities to those' class: of a secret
-- one goes everything that says where it was given, except the territory. They
-- are never lowered here: what their own words and measure ask for is told by
-- their own record. Notes them, and those that have no place of their own, in
-- "changed".
-- Index: contribution (activity_id), contribution (order_id).
WITH of_activity AS (
  SELECT c.id, 's' || a.class AS class, c.class AS has, cardinality(c.places) = 0 AND c.latitude IS NULL AND c.postcode IS NULL AND c.area_code IS NULL AND c.territory IS NULL AS follows
  FROM touched t JOIN raw.activity a ON a.id = t.activity_id
  JOIN raw.contribution c ON c.activity_id = a.id
  UNION
  SELECT c.id, 's' || a.class, c.class, cardinality(c.places) = 0 AND c.latitude IS NULL AND c.postcode IS NULL AND c.area_code IS NULL AND c.territory IS NULL
  FROM touched t JOIN raw.activity a ON a.id = t.activity_id
  JOIN raw.purchase_order o ON o.activity_id = a.id JOIN raw.contribution c ON c.order_id = o.id
), raised AS (
  UPDATE raw.contribution c
  SET class = x.class, updated_at = now(),
      territory = CASE WHEN x.class < 's3' THEN c.territory ELSE COALESCE(c.territory, (SELECT min(al.territory_id) FROM raw.allocation al WHERE al.contribution_id = c.id HAVING count(DISTINCT al.territory_id) = 1)) END,
      latitude = CASE WHEN x.class < 's3' THEN c.latitude END, longitude = CASE WHEN x.class < 's3' THEN c.longitude END,
      postcode = CASE WHEN x.class < 's3' THEN c.postcode END, area_code = CASE WHEN x.class < 's3' THEN c.area_code END,
      residence_area = CASE WHEN x.class < 's3' THEN c.residence_area END, title = CASE WHEN x.class < 's3' THEN c.title END,
      places = CASE WHEN x.class < 's3' THEN c.places ELSE '{}' END
  FROM (SELECT id, max(class) AS class FROM of_activity GROUP BY id) x
  WHERE c.id = x.id AND c.class < x.class
  RETURNING c.id
)
INSERT INTO changed (kind, id, added)
SELECT 'contribution', id, false FROM raised
UNION
SELECT 'contribution', id, false FROM of_activity WHERE follows
