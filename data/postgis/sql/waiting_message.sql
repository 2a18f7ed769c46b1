-- Messages and answers that wait for somebody, whatever their role.
-- @account, @source, @everything: see own.go.
-- Index: message (source).
SELECT CASE WHEN m.answers IS NULL THEN 'message' ELSE 'message_answer' END AS why, m.kind, m.source || '//' || m.external_id AS ref, COALESCE(NULLIF(a.label, ''), a.id) AS name,
       NULL::text AS about, NULL::date AS day, m.id AS other, m.sent_at AS at
FROM raw.message m JOIN raw.account a ON a.id = m.from_account
WHERE m.done_at IS NULL AND (m.to_account = @account OR m.to_account IS NULL AND m.from_account <> @account AND (m.source = @source
  OR @everything AND NOT EXISTS (SELECT FROM raw.account x WHERE x.source = m.source AND x.role IS NOT NULL)))
ORDER BY m.sent_at DESC, m.id
