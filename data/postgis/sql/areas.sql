-- The areas whose boundaries are in force, with the territory of each.
SELECT sh.code, sh.name, COALESCE(sh.name_cy, ''), s.kind, sh.territory_id, t.region_code, s.approximate
FROM pub.boundary_set s
JOIN pub.shape sh ON sh.set_id = s.id
JOIN pub.territory t ON t.id = sh.territory_id
WHERE s.current AND s.kind IN ('county_or_unitary', 'district')
  AND (@regions::text[] IS NULL OR t.region_code = ANY (@regions))
  AND (@territories::text[] IS NULL OR t.id = ANY (@territories))
  AND (@areas::text[] IS NULL OR sh.code = ANY (@areas))
ORDER BY sh.name, sh.code
