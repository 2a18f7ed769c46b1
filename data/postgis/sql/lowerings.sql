-- What was asked of the classes of activities, contracts and contributions and not ended,
-- the latest first.
SELECT l.kind, l.source || '//' || l.external_id, COALESCE(a.name, k.title, NULLIF(c.title, ''), initcap(replace(c.type, '_', ' '))), COALESCE(a.class, substr(COALESCE(c.class, k.class), 2)::smallint),
       l.class, l.reason, l.asked_by, l.asked_at, COALESCE(l.agreed_by, ''), l.agreed_at
FROM raw.lowering l
LEFT JOIN raw.activity a ON l.kind = 'activity' AND a.source = l.source AND a.external_id = l.external_id
LEFT JOIN raw.contribution c ON l.kind = 'contribution' AND c.source = l.source AND c.external_id = l.external_id
LEFT JOIN raw.contract k ON l.kind = 'contract' AND k.source = l.source AND k.external_id = l.external_id
WHERE l.ended_at IS NULL AND COALESCE(a.id, c.id, k.id) IS NOT NULL
ORDER BY l.asked_at DESC, l.id
