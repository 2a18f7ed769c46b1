-- Takes back the public form of the touched activities that may not be listed,
-- and the public places of all of them.
WITH places AS (
  DELETE FROM pub.place p USING touched t WHERE p.activity_id = t.activity_id
)
DELETE FROM pub.activity a
USING touched t JOIN raw.activity r ON r.id = t.activity_id
WHERE a.id = t.activity_id AND (r.class = 3 OR r.status IN ('draft', 'suspended'))
