-- Moves the secret places of territories that have ended to those that took
-- over, and keeps where they lay.
WITH moved AS (
  UPDATE raw.place p SET territory_id = n.now, region_code = t.region_code
  FROM pub.territory_now n JOIN pub.territory t ON t.id = n.now
  WHERE p.class = 3 AND n.id = p.territory_id AND n.now <> n.id
  RETURNING p.id, n.id AS code
)
INSERT INTO raw.assignment (place_id, set_id, code)
SELECT m.id, b.id, m.code
FROM moved m
JOIN pub.boundary_set b ON b.kind = 'territory' AND NOT b.current AND b.valid_from < b.valid_to
JOIN pub.shape s ON s.set_id = b.id AND s.code = m.code
ON CONFLICT (place_id, set_id) DO UPDATE SET code = EXCLUDED.code
