-- Ends a session.
-- $1 hash.
DELETE FROM raw.session WHERE hash = $1
