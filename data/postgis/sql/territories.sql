-- The territories with their region and the body that governs each today; of
-- several, the one that began last.
SELECT t.id, t.code, t.code_kind, t.name, COALESCE(t.name_cy, ''), t.force, COALESCE(t.police_uk_id, ''), t.region_code, t.nation, t.plan_kind,
       r.name, COALESCE(b.id, ''), COALESCE(b.kind, ''), COALESCE(b.name, ''), COALESCE(b.planned_end, '')
FROM pub.territory t
JOIN pub.region r ON r.code = t.region_code
LEFT JOIN LATERAL (
  SELECT body.* FROM pub.governance g JOIN pub.policing_body body ON body.id = g.body_id
  WHERE g.territory_id = t.id AND g.valid_from <= @as_at AND g.valid_to > @as_at
  ORDER BY g.valid_from DESC, body.id LIMIT 1
) b ON true
WHERE t.valid_from <= @as_at AND t.valid_to > @as_at
ORDER BY t.name, t.id
