-- A mail was taken by the mail server.
-- $1 id, $2 message id.
UPDATE raw.mail SET sent_at = now() WHERE id = $1 AND message_id = $2 AND sent_at IS NULL
