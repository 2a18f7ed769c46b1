-- References of staged contributions that lead nowhere. Made by 'make generate'.
-- @source.
SELECT s.n, s.line, 'supplier' AS field, d->>'supplier' AS value
FROM staged s CROSS JOIN LATERAL (SELECT s.doc AS d) x
WHERE s.kind = 'contribution' AND d ? 'supplier' AND NOT EXISTS (
  SELECT FROM raw.organisation r WHERE (r.source, r.external_id) = (raw.ref_source(d->>'supplier'), raw.ref_id(d->>'supplier')))
UNION ALL
SELECT s.n, s.line, 'order' AS field, d->>'order' AS value
FROM staged s CROSS JOIN LATERAL (SELECT s.doc AS d) x
WHERE s.kind = 'contribution' AND d ? 'order' AND NOT EXISTS (
  SELECT FROM raw.purchase_order r WHERE (r.source, r.external_id) = (raw.ref_source(d->>'order'), raw.ref_id(d->>'order')))
UNION ALL
SELECT s.n, s.line, 'contract' AS field, d->>'contract' AS value
FROM staged s CROSS JOIN LATERAL (SELECT s.doc AS d) x
WHERE s.kind = 'contribution' AND d ? 'contract' AND NOT EXISTS (
  SELECT FROM raw.contract r WHERE (r.source, r.external_id) = (raw.ref_source(d->>'contract'), raw.ref_id(d->>'contract')))
UNION ALL
SELECT s.n, s.line, 'commitment' AS field, d->>'commitment' AS value
FROM staged s CROSS JOIN LATERAL (SELECT s.doc AS d) x
WHERE s.kind = 'contribution' AND d ? 'commitment' AND NOT EXISTS (
  SELECT FROM raw.commitment r WHERE (r.source, r.external_id) = (raw.ref_source(d->>'commitment'), raw.ref_id(d->>'commitment')))
UNION ALL
SELECT s.n, s.line, 'activity' AS field, d->>'activity' AS value
FROM staged s CROSS JOIN LATERAL (SELECT s.doc AS d) x
WHERE s.kind = 'contribution' AND d ? 'activity' AND NOT EXISTS (
  SELECT FROM raw.activity r WHERE (r.source, r.external_id) = (raw.ref_source(d->>'activity'), raw.ref_id(d->>'activity')))
UNION ALL
SELECT s.n, s.line, 'provider' AS field, d->>'provider' AS value
FROM staged s CROSS JOIN LATERAL (SELECT s.doc AS d) x
WHERE s.kind = 'contribution' AND d ? 'provider' AND NOT EXISTS (
  SELECT FROM raw.organisation r WHERE (r.source, r.external_id) = (raw.ref_source(d->>'provider'), raw.ref_id(d->>'provider')))
UNION ALL
SELECT s.n, s.line, 'site' AS field, d->>'site' AS value
FROM staged s CROSS JOIN LATERAL (SELECT s.doc AS d) x
WHERE s.kind = 'contribution' AND d ? 'site' AND NOT EXISTS (
  SELECT FROM raw.site r WHERE (r.source, r.external_id) = (raw.ref_source(d->>'site'), raw.ref_id(d->>'site')))
