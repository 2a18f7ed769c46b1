-- What waits for a provider: orders to answer and to confirm, register entries
-- that go stale, needs whose time is over, validations that expire.
-- @organisation: "SOURCE//ID".
WITH own AS (
  SELECT id FROM raw.organisation WHERE source = raw.ref_source(@organisation) AND external_id = raw.ref_id(@organisation)
)
SELECT 'order_' || o.state AS why, 'purchase_order' AS kind, o.source || '//' || o.external_id AS ref, a.name, s.name AS about, o.issued_on AS day, NULL::text AS other, o.updated_at AS at
FROM own JOIN raw.activity a ON a.provider_id = own.id JOIN raw.purchase_order o ON o.activity_id = a.id JOIN raw.organisation s ON s.id = o.supplier_id
WHERE o.state IN ('issued', 'delivered')
UNION ALL
SELECT 'register_stale', 'register_entry', r.source || '//' || r.external_id, r.territory, NULL, COALESCE(r.review_due_on, (r.confirmed_on + interval '12 months')::date), NULL, r.updated_at
FROM own JOIN raw.register_entry r ON r.organisation_id = own.id
WHERE r.welcomes AND COALESCE(r.review_due_on, (r.confirmed_on + interval '12 months')::date) < current_date + 30
UNION ALL
SELECT 'need_over', 'need', n.source || '//' || n.external_id, a.name, n.text, n.open_to, NULL, n.updated_at
FROM own JOIN raw.activity a ON a.provider_id = own.id JOIN raw.need n ON n.activity_id = a.id
WHERE n.status IN ('open', 'part_met') AND n.open_to < current_date
UNION ALL
SELECT 'validation_expires', 'activity', a.source || '//' || a.external_id, a.name, NULL, v.expires_on, NULL, v.updated_at
FROM own JOIN raw.activity a ON a.provider_id = own.id
CROSS JOIN LATERAL (SELECT x.decision, x.expires_on, x.updated_at FROM raw.validation x WHERE x.activity_id = a.id ORDER BY x.decided_on DESC, x.updated_at DESC LIMIT 1) v
WHERE v.decision = 'validated' AND v.expires_on BETWEEN current_date - 60 AND current_date + 60 AND a.status <> 'closed'
ORDER BY day NULLS LAST, at DESC, ref
