-- References of staged validations that lead nowhere. Made by 'make generate'.
-- @source.
SELECT s.n, s.line, 'activity' AS field, d->>'activity' AS value
FROM staged s CROSS JOIN LATERAL (SELECT s.doc AS d) x
WHERE s.kind = 'validation' AND d ? 'activity' AND NOT EXISTS (
  SELECT FROM raw.activity r WHERE (r.source, r.external_id) = (raw.ref_source(d->>'activity'), raw.ref_id(d->>'activity')))
UNION ALL
SELECT s.n, s.line, 'validated_by' AS field, d->>'validated_by' AS value
FROM staged s CROSS JOIN LATERAL (SELECT s.doc AS d) x
WHERE s.kind = 'validation' AND d ? 'validated_by' AND NOT EXISTS (
  SELECT FROM raw.organisation r WHERE (r.source, r.external_id) = (raw.ref_source(d->>'validated_by'), raw.ref_id(d->>'validated_by')))
