-- Confirms an address by the secret of its mail; again changes nothing.
-- $1 secret.
UPDATE raw.subscription SET confirmed_at = COALESCE(confirmed_at, now()) WHERE secret = $1 RETURNING account_id
