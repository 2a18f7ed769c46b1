-- The next whose time to be looked at has come, and who has no mail on its way:
-- what waits meanwhile is told by the one after it. Another instance passes over
-- who is locked.
-- Index: subscription (look_at).
SELECT s.account_id, s.told, a.role, a.territories, a.organisation, a.source
FROM raw.subscription s JOIN raw.account a ON a.id = s.account_id
WHERE s.confirmed_at IS NOT NULL AND s.failed_at IS NULL AND s.look_at <= now() AND a.role IS NOT NULL
  AND NOT EXISTS (SELECT FROM raw.mail m WHERE m.account_id = s.account_id AND m.sent_at IS NULL AND m.failed_at IS NULL)
ORDER BY s.look_at
FOR UPDATE OF s SKIP LOCKED
LIMIT 1
