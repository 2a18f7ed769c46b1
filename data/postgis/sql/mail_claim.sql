-- Claims the next mail to try, for five minutes: longer than a try may take.
UPDATE raw.mail m SET attempts = m.attempts + 1, next_at = now() + interval '5 minutes'
FROM raw.subscription s
WHERE s.account_id = m.account_id AND m.id = (
  SELECT x.id FROM raw.mail x WHERE x.sent_at IS NULL AND x.failed_at IS NULL AND x.next_at <= now() ORDER BY x.next_at FOR UPDATE SKIP LOCKED LIMIT 1)
RETURNING m.id, m.kind, s.address, s.secret, s.how, m.message_id::text, m.waiting, m.fresh, m.overdue, m.attempts
