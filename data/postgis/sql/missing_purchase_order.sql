-- References of staged purchase_orders that lead nowhere. Made by 'make generate'.
-- @source.
SELECT s.n, s.line, 'commitment' AS field, d->>'commitment' AS value
FROM staged s CROSS JOIN LATERAL (SELECT s.doc AS d) x
WHERE s.kind = 'purchase_order' AND d ? 'commitment' AND NOT EXISTS (
  SELECT FROM raw.commitment r WHERE (r.source, r.external_id) = (raw.ref_source(d->>'commitment'), raw.ref_id(d->>'commitment')))
UNION ALL
SELECT s.n, s.line, 'activity' AS field, d->>'activity' AS value
FROM staged s CROSS JOIN LATERAL (SELECT s.doc AS d) x
WHERE s.kind = 'purchase_order' AND d ? 'activity' AND NOT EXISTS (
  SELECT FROM raw.activity r WHERE (r.source, r.external_id) = (raw.ref_source(d->>'activity'), raw.ref_id(d->>'activity')))
UNION ALL
SELECT s.n, s.line, 'need' AS field, d->>'need' AS value
FROM staged s CROSS JOIN LATERAL (SELECT s.doc AS d) x
WHERE s.kind = 'purchase_order' AND d ? 'need' AND NOT EXISTS (
  SELECT FROM raw.need r WHERE (r.source, r.external_id) = (raw.ref_source(d->>'need'), raw.ref_id(d->>'need')))
UNION ALL
SELECT s.n, s.line, 'supplier' AS field, d->>'supplier' AS value
FROM staged s CROSS JOIN LATERAL (SELECT s.doc AS d) x
WHERE s.kind = 'purchase_order' AND d ? 'supplier' AND NOT EXISTS (
  SELECT FROM raw.organisation r WHERE (r.source, r.external_id) = (raw.ref_source(d->>'supplier'), raw.ref_id(d->>'supplier')))
UNION ALL
SELECT s.n, s.line, 'site' AS field, d->>'site' AS value
FROM staged s CROSS JOIN LATERAL (SELECT s.doc AS d) x
WHERE s.kind = 'purchase_order' AND d ? 'site' AND NOT EXISTS (
  SELECT FROM raw.site r WHERE (r.source, r.external_id) = (raw.ref_source(d->>'site'), raw.ref_id(d->>'site')))
