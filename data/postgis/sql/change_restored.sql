-- Numbers of transactions that are yet to come are of another server, from
-- which the database was restored: their rows of the log are counted and go,
-- the rest is counted again, and whoever follows loads everything, so that all
-- agree on the version.
-- Only under lock_change.
WITH now AS (
  SELECT pg_snapshot_xmax(pg_current_snapshot()) AS xmax
), other AS (
  DELETE FROM raw.change c USING now WHERE c.xid >= now.xmax RETURNING c.xid
), restored AS (
  UPDATE pub.version v
  SET version = v.version + (SELECT count(*) FROM other), counted = '0', swept = '0'
  FROM now
  WHERE v.counted > now.xmax OR EXISTS (SELECT FROM other)
  RETURNING v.version
)
INSERT INTO raw.change (kind, whole) SELECT k.kind, true FROM restored CROSS JOIN (VALUES ('facts'), ('reference')) k(kind)
