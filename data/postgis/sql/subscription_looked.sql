-- Notes what waited, and when to look again: in a minute, or the next morning
-- at seven.
-- @account, @told.
UPDATE raw.subscription
SET told = @told, look_at = CASE how WHEN 'at_once' THEN now() + interval '1 minute'
  ELSE (date_trunc('day', (now() - interval '7 hours') AT TIME ZONE 'Europe/London') + interval '1 day 7 hours') AT TIME ZONE 'Europe/London' END
WHERE account_id = @account
