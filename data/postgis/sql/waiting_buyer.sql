-- What waits for a buyer: contracts over the threshold without a commitment,
-- contracts that end without an audit, audited ones to close, overdue progress,
-- register entries that go stale.
-- @organisation: "SOURCE//ID".
WITH own AS (
  SELECT id, territory_id FROM raw.organisation WHERE source = raw.ref_source(@organisation) AND external_id = raw.ref_id(@organisation)
), mine AS (
  SELECT k.*, own.territory_id, s.name AS supplier, EXISTS (SELECT FROM raw.audit x WHERE x.contract_id = k.id) AS audited, EXISTS (SELECT FROM raw.commitment m WHERE m.contract_id = k.id) AS committed
  FROM own JOIN raw.contract k ON k.buyer_id = own.id JOIN raw.organisation s ON s.id = k.supplier_id
  WHERE k.closed_on IS NULL
)
SELECT 'contract_uncommitted' AS why, 'contract' AS kind, k.source || '//' || k.external_id AS ref, k.title AS name, k.supplier AS about, k.starts_on AS day, NULL::text AS other, k.updated_at AS at
FROM mine k
WHERE NOT k.committed AND COALESCE(k.ends_on, 'infinity') >= current_date AND EXISTS (
  SELECT FROM pub.policy_in_force p WHERE p.territory_id = k.territory_id AND k.starts_on >= p.in_force_from AND k.starts_on < p.in_force_to AND k.value_pence > p.contract_over_pence)
UNION ALL
SELECT 'contract_unaudited', 'contract', k.source || '//' || k.external_id, k.title, k.supplier, k.ends_on, NULL, k.updated_at
FROM mine k WHERE k.committed AND NOT k.audited AND k.ends_on < current_date + 60
UNION ALL
SELECT 'contract_open', 'contract', k.source || '//' || k.external_id, k.title, k.supplier, k.ends_on, NULL, k.updated_at
FROM mine k WHERE k.audited AND k.ends_on < current_date
UNION ALL
SELECT 'update_overdue', 'contract', k.source || '//' || k.external_id, k.title, k.supplier, p.due_on, NULL, k.updated_at
FROM mine k JOIN pub.progress_update p ON p.contract_id = k.id
WHERE p.submitted_on IS NULL AND p.due_on < current_date
UNION ALL
SELECT 'register_stale', 'register_entry', r.source || '//' || r.external_id, r.territory, NULL, COALESCE(r.review_due_on, (r.confirmed_on + interval '12 months')::date), NULL, r.updated_at
FROM own JOIN raw.register_entry r ON r.organisation_id = own.id
WHERE r.welcomes AND COALESCE(r.review_due_on, (r.confirmed_on + interval '12 months')::date) < current_date + 30
ORDER BY day NULLS LAST, at DESC, ref
