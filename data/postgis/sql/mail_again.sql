-- A mail is tried again later.
-- @id, @message_id, @seconds from now.
UPDATE raw.mail SET next_at = now() + make_interval(secs => @seconds) WHERE id = @id AND message_id = @message_id AND sent_at IS NULL
