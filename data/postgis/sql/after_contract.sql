-- Ends what was agreed of contracts that are raised above it.
UPDATE raw.lowering l SET ended_at = now()
FROM changed x JOIN raw.contract c ON c.id = x.id
WHERE x.kind = 'contract' AND l.kind = 'contract' AND l.source = c.source AND l.external_id = c.external_id
  AND l.ended_at IS NULL AND l.agreed_at IS NOT NULL AND c.class > 's' || l.class AND l.agreed_at < c.updated_at
