-- Whether the lock of lock_import.sql was free, and is ours now. If it was not,
-- this transaction waits for it as long as it takes.
SELECT CASE WHEN pg_try_advisory_xact_lock(7301) THEN true
            ELSE set_config('lock_timeout', '0', true) IS NULL END
