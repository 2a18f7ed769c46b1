-- References of staged contracts that lead nowhere. Made by 'make generate'.
-- @source.
SELECT s.n, s.line, 'buyer' AS field, d->>'buyer' AS value
FROM staged s CROSS JOIN LATERAL (SELECT s.doc AS d) x
WHERE s.kind = 'contract' AND d ? 'buyer' AND NOT EXISTS (
  SELECT FROM raw.organisation r WHERE (r.source, r.external_id) = (raw.ref_source(d->>'buyer'), raw.ref_id(d->>'buyer')))
UNION ALL
SELECT s.n, s.line, 'supplier' AS field, d->>'supplier' AS value
FROM staged s CROSS JOIN LATERAL (SELECT s.doc AS d) x
WHERE s.kind = 'contract' AND d ? 'supplier' AND NOT EXISTS (
  SELECT FROM raw.organisation r WHERE (r.source, r.external_id) = (raw.ref_source(d->>'supplier'), raw.ref_id(d->>'supplier')))
