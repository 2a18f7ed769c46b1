-- What a large load put aside and nobody puts back: none holds its lock.
-- @lock: the number of the lock of large loads.
SELECT a.name, a.since::text FROM raw.aside a
WHERE NOT EXISTS (SELECT FROM pg_locks l WHERE l.locktype = 'advisory' AND l.objid = @lock::integer AND l.database = (SELECT oid FROM pg_database WHERE datname = current_database()))
ORDER BY 1
