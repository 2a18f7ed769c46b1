-- Whether this transaction is the only one that seals.
-- $1 number of the lock.
SELECT pg_try_advisory_xact_lock($1)
