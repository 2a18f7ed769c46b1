-- How often a person had an address asked within a day.
-- $1 account.
-- Index: mail (account_id, created_at).
SELECT count(*) FROM raw.mail WHERE account_id = $1 AND kind = 'confirm' AND created_at > now() - interval '1 day'
