-- Gives a mail up, and all mail to its address until its owner asks again: they
-- are told of everything that waits then.
-- @id, @message_id, @why.
WITH gone AS (
  UPDATE raw.mail SET failed_at = now() WHERE id = @id AND message_id = @message_id AND sent_at IS NULL RETURNING account_id
)
UPDATE raw.subscription s SET failed_at = now(), failure = @why, told = '{}' FROM gone WHERE s.account_id = gone.account_id
