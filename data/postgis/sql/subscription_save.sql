-- Notes what a person wants by mail, and begins again with what was told. An
-- address that is new, or was never confirmed, is asked.
-- @account, @address, @how, @secret.
-- Returns whether it has been confirmed.
INSERT INTO raw.subscription AS s (account_id, address, how, secret) VALUES (@account, @address, @how, @secret)
ON CONFLICT (account_id) DO UPDATE SET
  address = excluded.address, how = excluded.how, asked_at = now(), look_at = now(), failed_at = NULL, failure = NULL,
  secret = CASE WHEN s.address = excluded.address THEN s.secret ELSE excluded.secret END,
  confirmed_at = CASE WHEN s.address = excluded.address THEN s.confirmed_at END,
  told = CASE WHEN s.address = excluded.address AND s.failed_at IS NULL THEN s.told ELSE '{}' END
RETURNING s.confirmed_at IS NOT NULL
