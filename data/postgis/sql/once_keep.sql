-- Keeps what a request is answered, and lets go of answers that are older than
-- two days.
-- @by, @key, @digest, @status, @location, @etag, @body.
-- Index: idempotency (created_at).
WITH old AS (
  DELETE FROM raw.idempotency WHERE created_at < now() - interval '2 days'
)
INSERT INTO raw.idempotency (key_id, key, digest, status, location, etag, body)
VALUES (@by, @key, @digest, @status, @location, @etag, @body)
