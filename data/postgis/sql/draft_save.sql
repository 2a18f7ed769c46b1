-- Keeps what has been typed.
-- @id, @account, @answers.
UPDATE raw.draft SET answers = @answers, updated_at = now() WHERE id = @id AND account_id = @account AND sent_at IS NULL
