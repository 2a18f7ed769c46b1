-- References of findings and of steps of orders.
SELECT 'finding ' || f.kind, 'its contribution'
FROM raw.finding f LEFT JOIN raw.contribution c ON c.id = f.contribution_id LEFT JOIN raw.contribution d ON d.id = f.other_id WHERE c.id IS NULL OR f.other_id IS NOT NULL AND d.id IS NULL
UNION ALL
SELECT 'step ' || e.source || '//' || e.external_id, 'its order'
FROM raw.order_event e LEFT JOIN raw.purchase_order o ON o.id = e.order_id WHERE o.id IS NULL
ORDER BY 1, 2
