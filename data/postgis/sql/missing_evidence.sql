-- References of staged evidence that lead nowhere. Made by 'make generate'.
-- @source.
SELECT s.n, s.line, 'contribution' AS field, d->>'contribution' AS value
FROM staged s CROSS JOIN LATERAL (SELECT s.doc AS d) x
WHERE s.kind = 'evidence' AND d ? 'contribution' AND NOT EXISTS (
  SELECT FROM raw.contribution r WHERE (r.source, r.external_id) = (raw.ref_source(d->>'contribution'), raw.ref_id(d->>'contribution')))
UNION ALL
SELECT s.n, s.line, 'confirmed_by' AS field, d->>'confirmed_by' AS value
FROM staged s CROSS JOIN LATERAL (SELECT s.doc AS d) x
WHERE s.kind = 'evidence' AND d ? 'confirmed_by' AND NOT EXISTS (
  SELECT FROM raw.organisation r WHERE (r.source, r.external_id) = (raw.ref_source(d->>'confirmed_by'), raw.ref_id(d->>'confirmed_by')))
