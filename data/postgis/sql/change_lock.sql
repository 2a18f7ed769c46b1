-- Lets one process at a time count and sweep the change log.
SELECT pg_try_advisory_xact_lock(7302)
