-- Ends what was agreed of activities that are raised above it.
-- @source.
UPDATE raw.lowering l SET ended_at = now()
FROM raw.activity a
WHERE l.kind = 'activity' AND l.source = @source AND l.ended_at IS NULL AND a.source = l.source AND a.external_id = l.external_id
  AND a.id IN (SELECT activity_id FROM touched) AND l.agreed_at IS NOT NULL AND a.class > l.class AND l.agreed_at < a.updated_at
