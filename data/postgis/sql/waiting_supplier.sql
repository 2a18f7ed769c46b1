-- What waits for a supplier: orders to issue and to deliver, deliveries to claim,
-- claims without evidence, findings to answer, progress to report, register
-- entries that go stale.
-- @organisation: "SOURCE//ID".
WITH own AS (
  SELECT id FROM raw.organisation WHERE source = raw.ref_source(@organisation) AND external_id = raw.ref_id(@organisation)
)
SELECT 'order_' || o.state AS why, 'purchase_order' AS kind, o.source || '//' || o.external_id AS ref, a.name, p.name AS about, o.issued_on AS day, NULL::text AS other, o.updated_at AS at
FROM own JOIN raw.purchase_order o ON o.supplier_id = own.id JOIN raw.activity a ON a.id = o.activity_id JOIN raw.organisation p ON p.id = a.provider_id
WHERE o.state IN ('draft', 'accepted', 'in_delivery', 'suspended')
UNION ALL
SELECT 'delivery_unclaimed', 'purchase_order', o.source || '//' || o.external_id, a.name, p.name, o.issued_on, NULL, o.updated_at
FROM own JOIN raw.purchase_order o ON o.supplier_id = own.id JOIN raw.activity a ON a.id = o.activity_id JOIN raw.organisation p ON p.id = a.provider_id
WHERE o.state IN ('delivered', 'confirmed') AND NOT EXISTS (SELECT FROM raw.contribution c WHERE c.order_id = o.id AND c.supplier_id = own.id)
UNION ALL
SELECT 'evidence_missing', 'contribution', c.source || '//' || c.external_id, COALESCE(NULLIF(c.title, ''), a.name), a.name, c.delivered_from, NULL, c.updated_at
FROM own JOIN raw.contribution c ON c.supplier_id = own.id JOIN raw.purchase_order o ON o.id = c.order_id JOIN raw.activity a ON a.id = o.activity_id
WHERE o.state = 'confirmed' AND NOT EXISTS (SELECT FROM raw.evidence e WHERE e.contribution_id = c.id)
UNION ALL
SELECT 'finding_' || f.state, 'contribution', c.source || '//' || c.external_id, COALESCE(NULLIF(c.title, ''), initcap(replace(c.type, '_', ' '))), f.kind, f.grace_until, d.source || '//' || d.external_id, c.updated_at
FROM own JOIN raw.contribution c ON c.supplier_id = own.id JOIN raw.finding f ON f.contribution_id = c.id LEFT JOIN raw.contribution d ON d.id = f.other_id
WHERE f.state IN ('suspected', 'confirmed')
UNION ALL
SELECT CASE WHEN p.due_on < current_date THEN 'update_overdue' ELSE 'update_due' END, 'progress_update', u.source || '//' || u.external_id, k.title, b.name, p.due_on, NULL, u.updated_at
FROM own JOIN raw.contract k ON k.supplier_id = own.id JOIN raw.organisation b ON b.id = k.buyer_id
JOIN raw.progress_update u ON u.contract_id = k.id JOIN pub.progress_update p ON p.id = u.id
WHERE u.submitted_on IS NULL AND p.due_on < current_date + 30
UNION ALL
SELECT 'register_stale', 'register_entry', r.source || '//' || r.external_id, r.territory, NULL, COALESCE(r.review_due_on, (r.confirmed_on + interval '12 months')::date), NULL, r.updated_at
FROM own JOIN raw.register_entry r ON r.organisation_id = own.id
WHERE r.welcomes AND COALESCE(r.review_due_on, (r.confirmed_on + interval '12 months')::date) < current_date + 30
ORDER BY day NULLS LAST, at DESC, ref
