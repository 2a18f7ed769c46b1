-- Forgets addresses that nobody has confirmed within a week, and mail of more
-- than a month ago.
WITH old AS (
  DELETE FROM raw.subscription WHERE confirmed_at IS NULL AND asked_at < now() - interval '7 days' RETURNING account_id
)
DELETE FROM raw.mail m
WHERE m.created_at < now() - interval '31 days' OR m.sent_at IS NULL AND m.failed_at IS NULL AND m.account_id IN (SELECT account_id FROM old)
