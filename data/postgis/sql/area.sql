-- An area in force, or a district whose outline is not loaded: what it is and
-- where it lies.
-- @code.
SELECT x.name, x.name_cy, x.kind, x.territory_id, t.name, t.region_code, r.name, x.drawn
FROM (
  SELECT sh.name, COALESCE(sh.name_cy, '') AS name_cy, s.kind, sh.territory_id, true AS drawn
  FROM pub.boundary_set s JOIN pub.shape sh ON sh.set_id = s.id
  WHERE s.current AND s.kind IN ('county_or_unitary', 'district') AND sh.code = @code
  UNION ALL
  SELECT d.name, COALESCE(d.name_cy, ''), 'district', d.territory_id, false FROM pub.district d WHERE d.code = @code
) x
JOIN pub.territory t ON t.id = x.territory_id
JOIN pub.region r ON r.code = t.region_code
ORDER BY x.drawn DESC
LIMIT 1
