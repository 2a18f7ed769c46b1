-- Rows of the audit log that nobody has sealed within a minute.
SELECT l.id, l.action FROM audit.log l
WHERE NOT EXISTS (SELECT FROM audit.seal s WHERE s.log_id = l.id) AND l.at < now() - interval '1 minute'
ORDER BY 1
