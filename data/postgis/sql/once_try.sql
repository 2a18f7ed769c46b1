-- Whether no other transaction is at work on the same idempotency key; none is
-- from here to the end of this one.
-- @by, @key.
SELECT pg_try_advisory_xact_lock(hashtextextended(@by::text || ' ' || @key::text, 7302))
