-- References of staged purchase_orders that lead nowhere. Made by 'make generate'.
-- @source.
-- Index: (source, external_id) of what is referred to.
WITH given AS MATERIALIZED (
  SELECT s.n, s.line, raw.ref_source(s.doc->>'commitment') AS commitment_source, raw.ref_id(s.doc->>'commitment') AS commitment_ref, raw.ref_source(s.doc->>'activity') AS activity_source, raw.ref_id(s.doc->>'activity') AS activity_ref, raw.ref_source(s.doc->>'need') AS need_source, raw.ref_id(s.doc->>'need') AS need_ref, raw.ref_source(s.doc->>'supplier') AS supplier_source, raw.ref_id(s.doc->>'supplier') AS supplier_ref, raw.ref_source(s.doc->>'site') AS site_source, raw.ref_id(s.doc->>'site') AS site_ref
  FROM staged s WHERE s.kind = 'purchase_order'
)
SELECT g.n, g.line, 'commitment' AS field, g.commitment_source || '//' || g.commitment_ref AS value
FROM given g
WHERE g.commitment_source IS NOT NULL AND NOT EXISTS (
  SELECT FROM raw.commitment r WHERE (r.source, r.external_id) = (g.commitment_source, g.commitment_ref))
UNION ALL
SELECT g.n, g.line, 'activity' AS field, g.activity_source || '//' || g.activity_ref AS value
FROM given g
WHERE g.activity_source IS NOT NULL AND NOT EXISTS (
  SELECT FROM raw.activity r WHERE (r.source, r.external_id) = (g.activity_source, g.activity_ref))
UNION ALL
SELECT g.n, g.line, 'need' AS field, g.need_source || '//' || g.need_ref AS value
FROM given g
WHERE g.need_source IS NOT NULL AND NOT EXISTS (
  SELECT FROM raw.need r WHERE (r.source, r.external_id) = (g.need_source, g.need_ref))
UNION ALL
SELECT g.n, g.line, 'supplier' AS field, g.supplier_source || '//' || g.supplier_ref AS value
FROM given g
WHERE g.supplier_source IS NOT NULL AND NOT EXISTS (
  SELECT FROM raw.organisation r WHERE (r.source, r.external_id) = (g.supplier_source, g.supplier_ref))
UNION ALL
SELECT g.n, g.line, 'site' AS field, g.site_source || '//' || g.site_ref AS value
FROM given g
WHERE g.site_source IS NOT NULL AND NOT EXISTS (
  SELECT FROM raw.site r WHERE (r.source, r.external_id) = (g.site_source, g.site_ref))
