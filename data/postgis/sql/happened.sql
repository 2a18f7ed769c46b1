-- The history of a record, the latest first: what was done to it, by whom.
-- @subject: "SOURCE//ID"; @kind, as actions name it.
-- Index: log (subject).
SELECT l.at, l.actor, COALESCE(a.label, k.label, ''), l.action
FROM audit.log l
LEFT JOIN raw.account a ON l.actor = 'person:' || a.id
LEFT JOIN raw.api_key k ON l.actor = 'key:' || k.id
WHERE l.subject = @subject AND l.action NOT LIKE 'read %' AND (l.action LIKE '%' || @kind OR l.action LIKE '%' || @plural)
ORDER BY l.id DESC
