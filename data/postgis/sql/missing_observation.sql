-- References of staged observations that lead nowhere. Made by 'make generate'.
-- @source.
SELECT s.n, s.line, 'indicator' AS field, d->>'indicator' AS value
FROM staged s CROSS JOIN LATERAL (SELECT s.doc AS d) x
WHERE s.kind = 'observation' AND d ? 'indicator' AND NOT EXISTS (
  SELECT FROM raw.indicator r WHERE (r.source, r.external_id) = (raw.ref_source(d->>'indicator'), raw.ref_id(d->>'indicator')))
UNION ALL
SELECT s.n, s.line, 'hub' AS field, d->>'hub' AS value
FROM staged s CROSS JOIN LATERAL (SELECT s.doc AS d) x
WHERE s.kind = 'observation' AND d ? 'hub' AND NOT EXISTS (
  SELECT FROM raw.hub r WHERE (r.source, r.external_id) = (raw.ref_source(d->>'hub'), raw.ref_id(d->>'hub')))
UNION ALL
SELECT s.n, s.line, 'activity' AS field, d->>'activity' AS value
FROM staged s CROSS JOIN LATERAL (SELECT s.doc AS d) x
WHERE s.kind = 'observation' AND d ? 'activity' AND NOT EXISTS (
  SELECT FROM raw.activity r WHERE (r.source, r.external_id) = (raw.ref_source(d->>'activity'), raw.ref_id(d->>'activity')))
