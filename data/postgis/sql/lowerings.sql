-- What was asked of activities' classes and not ended, the latest first.
SELECT l.source || '//' || l.external_id, a.name, a.class, l.class, l.reason, l.asked_by, l.asked_at, COALESCE(l.agreed_by, ''), l.agreed_at
FROM raw.lowering l JOIN raw.activity a ON a.source = l.source AND a.external_id = l.external_id
WHERE l.ended_at IS NULL
ORDER BY l.asked_at DESC, l.id
