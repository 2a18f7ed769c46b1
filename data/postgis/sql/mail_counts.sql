-- How many mails are to be sent, and to how many people mail was given up.
SELECT (SELECT count(*) FROM raw.mail WHERE sent_at IS NULL AND failed_at IS NULL), (SELECT count(*) FROM raw.subscription WHERE failed_at IS NOT NULL)
