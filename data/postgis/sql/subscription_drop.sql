-- Forgets an address, and what is still to be sent to it.
-- @account or @secret.
WITH gone AS (
  DELETE FROM raw.subscription WHERE account_id = @account OR secret = @secret RETURNING account_id
), unsent AS (
  DELETE FROM raw.mail m USING gone WHERE m.account_id = gone.account_id AND m.sent_at IS NULL AND m.failed_at IS NULL
)
SELECT account_id FROM gone
