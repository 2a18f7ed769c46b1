-- The contributions to split again: those that changed, and those whose order,
-- activity's validation, contract, ground, organisations, sites, measure, policy
-- or review did. Makes "subject".
CREATE TEMP TABLE subject ON COMMIT DROP AS
SELECT id AS contribution_id FROM changed WHERE kind = 'contribution'
UNION
SELECT c.id FROM changed x JOIN raw.contribution c ON c.order_id = x.id WHERE x.kind = 'purchase_order'
UNION
SELECT c.id FROM changed x JOIN raw.validation v ON v.id = x.id LEFT JOIN raw.purchase_order o ON o.activity_id = v.activity_id
JOIN raw.contribution c ON c.activity_id = v.activity_id OR c.order_id = o.id WHERE x.kind = 'validation'
UNION
SELECT c.id FROM changed x JOIN raw.delivery_site d ON d.id = x.id JOIN raw.contribution c ON c.contract_id = d.contract_id WHERE x.kind = 'delivery_site'
UNION
SELECT e.contribution_id FROM changed x JOIN raw.evidence e ON e.id = x.id WHERE x.kind = 'evidence'
UNION
SELECT r.contribution_id FROM changed x JOIN raw.review r ON r.id = x.id WHERE x.kind = 'review'
UNION
SELECT c.id FROM changed x JOIN raw.contribution c ON c.contract_id = x.id WHERE x.kind = 'contract' AND NOT x.added
UNION
SELECT c.id FROM changed x JOIN raw.contribution c ON c.supplier_id = x.id WHERE x.kind IN ('organisation', 'home') AND NOT x.added
UNION
SELECT c.id FROM changed x JOIN raw.contract k ON k.buyer_id = x.id JOIN raw.contribution c ON c.contract_id = k.id WHERE x.kind IN ('organisation', 'home') AND NOT x.added
UNION
SELECT c.id FROM changed x JOIN raw.contribution c ON c.site_id = x.id WHERE x.kind = 'site' AND NOT x.added
UNION
SELECT c.id FROM changed x JOIN raw.purchase_order o ON o.site_id = x.id JOIN raw.contribution c ON c.order_id = o.id WHERE x.kind = 'site' AND NOT x.added
UNION
SELECT c.id FROM changed x JOIN raw.measure m ON m.id = x.id JOIN raw.contribution c ON c.measure = m.external_id WHERE x.kind = 'measure' AND NOT x.added
UNION
SELECT c.id FROM raw.contribution c
WHERE (c.additionality = 'continued' OR c.residence_area IS NOT NULL) AND EXISTS (SELECT FROM changed x WHERE x.kind IN ('plan', 'policy'))
