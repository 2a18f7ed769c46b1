-- Territories in force that the boundaries in force do not have.
SELECT t.id, t.valid_from::text
FROM pub.territory t
WHERE t.valid_from <= CURRENT_DATE AND t.valid_to > CURRENT_DATE
  AND NOT EXISTS (SELECT FROM pub.shape s JOIN pub.boundary_set b ON b.id = s.set_id AND b.current AND b.kind = 'territory' WHERE s.code = t.id)
ORDER BY 1
