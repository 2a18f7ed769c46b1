-- The plan of a territory in force on @day, with its priorities in order.
-- @territory, @day.
SELECT l.title, p.code, p.name
FROM pub.plan_territory g
JOIN pub.plan l ON l.id = g.plan_id AND l.kind <> 'local_plan'
JOIN pub.priority p ON p.plan_id = l.id
WHERE g.territory_id = @territory AND g.valid_from <= @day AND g.valid_to > @day
ORDER BY g.valid_from DESC, p.position, p.code
