-- What a person has begun and not sent, the latest first.
-- $1 account.
-- Index: draft (account_id, updated_at).
SELECT id, journey, given, answers, record, etag, before, updated_at, sent_at, sent_etag
FROM raw.draft WHERE account_id = $1 AND sent_at IS NULL ORDER BY updated_at DESC, id
