-- A message that somebody wrote or may answer, with what it answers, the first
-- first. Where nobody signs in for the record's source, admins look after it.
-- @id, @account, @source, @everything.
WITH RECURSIVE thread AS (
  SELECT m.*, 0 AS n FROM raw.message m WHERE m.id = @id
    AND (m.from_account = @account OR m.to_account = @account OR m.to_account IS NULL AND (m.source = @source
         OR @everything AND NOT EXISTS (SELECT FROM raw.account a WHERE a.source = m.source AND a.role IS NOT NULL)))
  UNION ALL
  SELECT m.*, t.n + 1 FROM thread t JOIN raw.message m ON m.id = t.answers
)
SELECT t.id, t.kind, t.source || '//' || t.external_id, t.text, t.from_account, COALESCE(NULLIF(a.label, ''), a.id), t.from_account = @account AS mine, t.sent_at, t.done_at
FROM thread t JOIN raw.account a ON a.id = t.from_account
ORDER BY t.n DESC
