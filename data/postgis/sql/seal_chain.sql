-- Every link with the row that it is of, which is null if it is gone, in order.
SELECT s.position, s.log_id, s.hash, l.id IS NOT NULL, l.at, l.actor, l.action, l.subject, l.detail::text
FROM audit.seal s LEFT JOIN audit.log l ON l.id = s.log_id
ORDER BY s.position
