-- The boundary sets that places are assigned by.
SELECT t.id, COALESCE(a.id, 0), COALESCE(a.nests, false)
FROM pub.boundary_set t
LEFT JOIN pub.boundary_set a ON a.current AND a.kind IN ('county_or_unitary', 'district')
WHERE t.current AND t.kind = 'territory'
