-- Keeps a new draft.
-- @id, @account, @journey, @given, @answers, @record, @etag, @before.
INSERT INTO raw.draft (id, account_id, journey, given, answers, record, etag, before)
VALUES (@id, @account, @journey, @given, @answers, @record, @etag, @before)
