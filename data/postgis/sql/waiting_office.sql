-- What waits for an office: activities to validate, validations that expire,
-- classes to lower, findings to decide, orders to audit, contracts over the threshold without a
-- commitment, overdue progress.
-- @territories; null is everywhere.
WITH here AS (
  SELECT DISTINCT a.id, a.source, a.external_id, a.name, a.status, a.updated_at, p.name AS provider
  FROM raw.activity a JOIN raw.organisation p ON p.id = a.provider_id
  WHERE @territories::text[] IS NULL OR EXISTS (SELECT FROM raw.place x WHERE x.activity_id = a.id AND x.territory_id = ANY (@territories))
)
SELECT 'activity_submitted' AS why, 'activity' AS kind, h.source || '//' || h.external_id AS ref, h.name, h.provider AS about, h.updated_at::date AS day, NULL::text AS other, h.updated_at AS at
FROM here h WHERE h.status = 'submitted'
UNION ALL
SELECT 'validation_expires', 'activity', h.source || '//' || h.external_id, h.name, h.provider, v.expires_on, NULL, v.updated_at
FROM here h
CROSS JOIN LATERAL (SELECT x.decision, x.expires_on, x.updated_at FROM raw.validation x WHERE x.activity_id = h.id ORDER BY x.decided_on DESC, x.updated_at DESC LIMIT 1) v
WHERE v.decision = 'validated' AND v.expires_on BETWEEN current_date - 60 AND current_date + 60 AND h.status <> 'closed'
UNION ALL
SELECT 'lowering_asked', 'activity', h.source || '//' || h.external_id, h.name, l.reason, l.asked_at::date, NULL, l.asked_at
FROM here h JOIN raw.lowering l ON l.kind = 'activity' AND l.source = h.source AND l.external_id = h.external_id
WHERE l.ended_at IS NULL AND l.agreed_at IS NULL
UNION ALL
SELECT 'finding_' || f.state, 'contribution', c.source || '//' || c.external_id, COALESCE(NULLIF(c.title, ''), initcap(replace(c.type, '_', ' '))), f.kind, COALESCE(f.grace_until, f.found_on), d.source || '//' || d.external_id, c.updated_at
FROM raw.finding f JOIN raw.contribution c ON c.id = f.contribution_id LEFT JOIN raw.contribution d ON d.id = f.other_id
WHERE f.state IN ('suspected', 'confirmed')
  AND (@territories::text[] IS NULL OR EXISTS (SELECT FROM raw.allocation x WHERE x.contribution_id = c.id AND x.territory_id = ANY (@territories)))
UNION ALL
SELECT 'order_evidenced', 'purchase_order', o.source || '//' || o.external_id, h.name, s.name, o.issued_on, NULL, o.updated_at
FROM here h JOIN raw.purchase_order o ON o.activity_id = h.id JOIN raw.organisation s ON s.id = o.supplier_id
WHERE o.state = 'evidenced'
UNION ALL
SELECT 'contract_uncommitted', 'contract', k.source || '//' || k.external_id, k.title, b.name || ' with ' || s.name, k.starts_on, NULL, k.updated_at
FROM raw.contract k JOIN raw.organisation b ON b.id = k.buyer_id JOIN raw.organisation s ON s.id = k.supplier_id
JOIN pub.policy_in_force p ON p.territory_id = b.territory_id AND k.starts_on >= p.in_force_from AND k.starts_on < p.in_force_to AND k.value_pence > p.contract_over_pence
WHERE k.closed_on IS NULL AND COALESCE(k.ends_on, 'infinity') >= current_date AND (@territories::text[] IS NULL OR b.territory_id = ANY (@territories))
  AND NOT EXISTS (SELECT FROM raw.commitment m WHERE m.contract_id = k.id)
UNION ALL
SELECT 'update_overdue', 'contract', k.source || '//' || k.external_id, k.title, s.name, p.due_on, NULL, k.updated_at
FROM raw.contract k JOIN raw.organisation b ON b.id = k.buyer_id JOIN raw.organisation s ON s.id = k.supplier_id JOIN pub.progress_update p ON p.contract_id = k.id
WHERE k.closed_on IS NULL AND p.submitted_on IS NULL AND p.due_on < current_date AND (@territories::text[] IS NULL OR b.territory_id = ANY (@territories))
ORDER BY day NULLS LAST, at DESC, ref
