-- The areas in force of a territory, as places of themselves.
-- @territory.
SELECT sh.code, sh.name, ARRAY[sh.code]
FROM pub.boundary_set s JOIN pub.shape sh ON sh.set_id = s.id
WHERE s.current AND s.kind IN ('county_or_unitary', 'district') AND sh.territory_id = @territory
ORDER BY sh.name, sh.code
