-- References of a piece of the contributions, and of parts and evidence to it,
-- which a large load puts the database's own check of aside.
-- @after, @upto: ids of contributions.
-- Index: contribution (id), allocation (contribution_id), evidence (contribution_id).
SELECT (SELECT x.source || '//' || x.external_id FROM raw.contribution x WHERE x.id = c.id), wrong.what
FROM raw.contribution c
LEFT JOIN raw.organisation s ON s.id = c.supplier_id
LEFT JOIN raw.organisation p ON p.id = c.provider_id
LEFT JOIN raw.purchase_order o ON o.id = c.order_id
LEFT JOIN raw.contract k ON k.id = c.contract_id
LEFT JOIN raw.commitment m ON m.id = c.commitment_id
LEFT JOIN raw.activity a ON a.id = c.activity_id
LEFT JOIN raw.site w ON w.id = c.site_id
CROSS JOIN LATERAL (SELECT CASE
  WHEN s.id IS NULL THEN 'its supplier'
  WHEN c.provider_id IS NOT NULL AND p.id IS NULL THEN 'its provider'
  WHEN c.order_id IS NOT NULL AND o.id IS NULL THEN 'its order'
  WHEN c.contract_id IS NOT NULL AND k.id IS NULL THEN 'its contract'
  WHEN c.commitment_id IS NOT NULL AND m.id IS NULL THEN 'its commitment'
  WHEN c.activity_id IS NOT NULL AND a.id IS NULL THEN 'its activity'
  WHEN c.site_id IS NOT NULL AND w.id IS NULL THEN 'its site'
END AS what OFFSET 0) wrong
WHERE c.id > @after::uuid AND c.id <= @upto::uuid AND wrong.what IS NOT NULL
UNION ALL
SELECT 'evidence ' || e.source || '//' || e.external_id, 'its contribution'
FROM raw.evidence e LEFT JOIN raw.contribution c ON c.id = e.contribution_id AND c.id > @after::uuid AND c.id <= @upto::uuid
WHERE e.contribution_id > @after::uuid AND e.contribution_id <= @upto::uuid AND c.id IS NULL
UNION ALL
SELECT 'a part of ' || a.contribution_id, 'its contribution'
FROM raw.allocation a LEFT JOIN raw.contribution c ON c.id = a.contribution_id AND c.id > @after::uuid AND c.id <= @upto::uuid
WHERE a.contribution_id > @after::uuid AND a.contribution_id <= @upto::uuid AND c.id IS NULL
ORDER BY 1, 2
