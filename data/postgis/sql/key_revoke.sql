-- Ends a key; one that has ended stays as it was.
-- $1 id.
UPDATE raw.api_key SET revoked_at = COALESCE(revoked_at, now()) WHERE id = $1 RETURNING id
