-- Sends a message to whoever keeps a record, or an answer to whoever wrote; the
-- same one again changes nothing.
-- @id, @kind, @source, @external_id, @text, @from, @to, @answers.
INSERT INTO raw.message (id, kind, source, external_id, text, from_account, to_account, answers)
VALUES (@id, @kind, @source, @external_id, @text, @from, @to, @answers)
ON CONFLICT (id) DO NOTHING
