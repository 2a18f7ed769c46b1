-- Territories whose day has come and that the boundaries in force do not have
-- yet, with the ones that they take over from.
SELECT t.id, t.name, t.name_cy, t.predecessors, t.valid_from
FROM pub.territory t
WHERE cardinality(t.predecessors) > 0 AND t.valid_from <= CURRENT_DATE AND t.valid_to > CURRENT_DATE
  AND NOT EXISTS (SELECT FROM pub.boundary_set b JOIN pub.shape s ON s.set_id = b.id WHERE b.current AND b.kind = 'territory' AND s.code = t.id)
ORDER BY t.valid_from, t.id LIMIT 1
