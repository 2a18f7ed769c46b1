-- What a person wants by mail, and how it went.
-- $1 account.
SELECT s.address, s.how, s.confirmed_at, s.failed_at, s.failure,
       (SELECT max(m.sent_at) FROM raw.mail m WHERE m.account_id = s.account_id AND m.kind = 'waiting') AS sent_at
FROM raw.subscription s WHERE s.account_id = $1
