-- Puts a mail into the outbox, in place of one that is still to be sent.
-- @account, @kind, @waiting, @fresh, @overdue.
INSERT INTO raw.mail (account_id, kind, waiting, fresh, overdue) VALUES (@account, @kind, @waiting, @fresh, @overdue)
ON CONFLICT (account_id) WHERE sent_at IS NULL AND failed_at IS NULL
DO UPDATE SET kind = excluded.kind, waiting = excluded.waiting, fresh = excluded.fresh, overdue = excluded.overdue, next_at = now(), attempts = 0, created_at = now(), message_id = gen_random_uuid()
