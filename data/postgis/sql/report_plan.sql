-- The plans in force on @day with their priorities and measures.
-- Report arguments; @priorities, @beneficiaries.
SELECT g.territory_id, l.id, l.title, p.code, p.name, m.code, m.name, COALESCE(m.types, '{}'), COALESCE(m.units, '{}'), COALESCE(m.beneficiaries, '{}'), m.target_area, 's' || m.class, COALESCE(m.frameworks, '{}')
FROM pub.plan_territory g
JOIN pub.territory t ON t.id = g.territory_id
JOIN pub.plan l ON l.id = g.plan_id
JOIN pub.priority p ON p.plan_id = l.id
LEFT JOIN pub.measure m ON m.priority_code = p.code
WHERE g.valid_from <= @day AND g.valid_to > @day
  AND (@territories::text[] IS NULL OR t.id = ANY (@territories)) AND (@regions::text[] IS NULL OR t.region_code = ANY (@regions))
  AND (@priorities::text[] IS NULL OR p.code = ANY (@priorities)) AND (@measures::text[] IS NULL OR m.code = ANY (@measures))
  AND (@types::text[] IS NULL OR m.types && @types) AND (@beneficiaries::text[] IS NULL OR m.beneficiaries && @beneficiaries)
ORDER BY g.territory_id, l.title, l.id, p.position, p.code, m.position, m.code
