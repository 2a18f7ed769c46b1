-- Counts the rows of transactions that are all over, so that the version is
-- not counted from the beginning each time. Only under lock_change.
UPDATE pub.version v
SET version = v.version + (SELECT count(*) FROM raw.change c WHERE c.xid >= v.counted AND c.xid < now.xmin), counted = now.xmin
FROM (SELECT pg_snapshot_xmin(pg_current_snapshot()) AS xmin) now
WHERE now.xmin > v.counted
