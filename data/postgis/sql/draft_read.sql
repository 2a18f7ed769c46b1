-- A draft of a person's.
-- @id, @account.
SELECT id, journey, given, answers, record, etag, before, updated_at, sent_at, sent_etag
FROM raw.draft WHERE id = @id AND account_id = @account
