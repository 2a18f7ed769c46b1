-- The contributions to split again, with what their parts and facts are made
-- of: those that changed, and those whose order, activity's validation,
-- contract, ground, organisations, sites, measure, policy or review did. Makes
-- "subject", whose activity is the order's where the contribution names none.
-- Each is looked up by its key, however many others there are.
CREATE TEMP TABLE subject ON COMMIT DROP AS
WITH chosen AS (
SELECT id AS contribution_id FROM changed WHERE kind = 'contribution'
UNION
SELECT c.id FROM changed x JOIN raw.contribution c ON c.order_id = x.id WHERE x.kind = 'purchase_order'
UNION
SELECT c.id FROM changed x JOIN raw.validation v ON v.id = x.id JOIN raw.contribution c ON c.activity_id = v.activity_id WHERE x.kind = 'validation'
UNION
SELECT c.id FROM changed x JOIN raw.validation v ON v.id = x.id JOIN raw.purchase_order o ON o.activity_id = v.activity_id JOIN raw.contribution c ON c.order_id = o.id WHERE x.kind = 'validation'
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
UNION
SELECT c.id
FROM (SELECT g.territory_id FROM changed x JOIN raw.policy y ON x.kind = 'policy' AND y.id = x.id JOIN pub.plan_territory g ON g.plan_id = y.plan
      UNION SELECT g.territory_id FROM changed x JOIN raw.plan y ON x.kind = 'plan' AND y.id = x.id JOIN pub.plan_territory g ON g.plan_id = y.external_id) here
JOIN raw.allocation a ON a.territory_id = here.territory_id
JOIN raw.contribution c ON c.id = a.contribution_id
JOIN raw.organisation o ON o.id = c.supplier_id
JOIN pub.fact f ON f.id = a.fact_id
WHERE c.class < 's3' AND f.level <> raw.told_at(c.class, o.sole_trader, a.method, a.cell, a.area_code, a.territory_id, raw.finest_at(a.territory_id, c.delivered_from))
)
SELECT c.id AS contribution_id, c.class, c.delivered_from, COALESCE(c.delivered_to, c.delivered_from) AS delivered_until, c.type, c.measure, c.unit, c.beneficiaries, c.state, c.additionality,
       c.value_pence, c.quantity_milli, c.supplier_id, c.contract_id, c.provider_id, c.activity_id AS own_activity_id, COALESCE(c.activity_id, o.activity_id) AS activity_id, COALESCE(c.site_id, o.site_id) AS site_id,
       c.joint, c.share, c.places, c.area_code, c.territory, c.residence_area, c.longitude, c.latitude, c.postcode,
       c.latitude IS NOT NULL OR c.postcode IS NOT NULL OR c.area_code IS NOT NULL OR c.territory IS NOT NULL AS placed,
       NOT EXISTS (SELECT FROM changed x WHERE x.kind = 'contribution' AND x.added AND x.id = chosen.contribution_id) AS stored -- before
FROM chosen
CROSS JOIN LATERAL (SELECT * FROM raw.contribution r WHERE r.id = chosen.contribution_id OFFSET 0) c
LEFT JOIN raw.purchase_order o ON o.id = c.order_id
