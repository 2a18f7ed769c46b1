-- The rows of the audit log that are committed and not sealed, and the link
-- that the first of them follows. A horizon that is yet to come is of another
-- server, from which the database was restored.
-- @most.
-- Index: log (xid), seal (log_id).
SELECT l.id, l.at, l.actor, l.action, l.subject, l.detail::text
FROM audit.log l
WHERE l.xid >= (SELECT CASE WHEN horizon > pg_snapshot_xmax(pg_current_snapshot()) THEN '0' ELSE horizon END FROM audit.sealed)
  AND NOT EXISTS (SELECT FROM audit.seal s WHERE s.log_id = l.id)
ORDER BY l.id
LIMIT @most
