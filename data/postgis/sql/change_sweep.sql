-- Sweeps counted rows of the log that are older than some hours. Only under
-- lock_change.
-- @hours.
WITH gone AS (
  DELETE FROM raw.change c USING pub.version v
  WHERE c.xid < v.counted AND c.at < now() - make_interval(hours => @hours::integer)
  RETURNING c.xid
)
UPDATE pub.version SET swept = (SELECT xid FROM gone ORDER BY xid DESC LIMIT 1)
WHERE (SELECT xid FROM gone ORDER BY xid DESC LIMIT 1) > swept
