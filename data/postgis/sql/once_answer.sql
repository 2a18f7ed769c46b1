-- What a request with this idempotency key was answered.
-- @by, @key.
-- Index: the primary key.
SELECT digest, status, location, etag, body FROM raw.idempotency WHERE key_id = @by AND key = @key
