-- Throws a draft away.
-- @id, @account.
DELETE FROM raw.draft WHERE id = @id AND account_id = @account AND sent_at IS NULL
