-- Everything that must hold over the whole database, and where it does not:
-- one row a fault, by rule. Each rule is a set query, so that ten million rows
-- take a minute or two.
SELECT 'a contribution is what its parts add up to' AS rule, c.source || '//' || c.external_id AS subject,
       format('%s pence and %s thousandths, in parts %s and %s', COALESCE(c.value_pence, 0), COALESCE(c.quantity_milli, 0), COALESCE(a.pence, 0), COALESCE(a.milli, 0)) AS detail
FROM raw.contribution c
LEFT JOIN (SELECT contribution_id, sum(pence) AS pence, sum(quantity_milli) AS milli FROM raw.allocation GROUP BY contribution_id) a ON a.contribution_id = c.id
WHERE (COALESCE(c.value_pence, 0), COALESCE(c.quantity_milli, 0)) <> (COALESCE(a.pence, 0), COALESCE(a.milli, 0)) OR a.contribution_id IS NULL
UNION ALL
SELECT 'every part is one public fact of the same amount', c.source || '//' || c.external_id, format('part %s', a.n)
FROM raw.allocation a JOIN raw.contribution c ON c.id = a.contribution_id
LEFT JOIN pub.fact f ON f.id = a.fact_id
LEFT JOIN raw.held h ON h.contribution_id = c.id
WHERE (f.pence, f.quantity_milli, f.type, f.state, f.standing) IS DISTINCT FROM (a.pence, a.quantity_milli, c.type, raw.shown_state(c.state, h.open, h.falls), a.standing)
UNION ALL
SELECT 'every public fact is of a part', f.id::text, NULL
FROM pub.fact f WHERE NOT EXISTS (SELECT FROM raw.allocation a WHERE a.fact_id = f.id)
UNION ALL
SELECT 'a fact''s region is its territory''s', f.id::text, format('%s in %s', f.territory_id, f.region_code)
FROM pub.fact f LEFT JOIN pub.territory t ON t.id = f.territory_id
WHERE f.territory_id IS NOT NULL AND f.region_code IS DISTINCT FROM t.region_code
UNION ALL
SELECT 'a secret fact names nobody', f.id::text, NULL
FROM raw.allocation a JOIN raw.contribution c ON c.id = a.contribution_id AND c.class = 's3' JOIN pub.fact f ON f.id = a.fact_id
WHERE num_nonnulls(f.contribution_id, f.supplier_id, f.buyer_id, f.provider_id, f.activity_id, f.contract_id, f.cell, f.area_code, f.measure) > 0 OR f.day <> date_trunc('quarter', f.day)
UNION ALL
SELECT 'an order stands where its last step put it', o.source || '//' || o.external_id, format('it says %s, the last step %s', o.state, l.states)
FROM raw.purchase_order o
JOIN (SELECT e.order_id, array_agg(DISTINCT e.state) AS states FROM raw.order_event e
      WHERE e.date = (SELECT max(x.date) FROM raw.order_event x WHERE x.order_id = e.order_id) GROUP BY e.order_id) l ON l.order_id = o.id
WHERE NOT (o.state = ANY (l.states))
UNION ALL
SELECT 'an order without steps is a draft', o.source || '//' || o.external_id, o.state
FROM raw.purchase_order o WHERE o.state <> 'draft' AND NOT EXISTS (SELECT FROM raw.order_event e WHERE e.order_id = o.id)
UNION ALL
SELECT 'a closed contract was audited', k.source || '//' || k.external_id, k.closed_on::text
FROM raw.contract k WHERE k.closed_on IS NOT NULL AND NOT EXISTS (SELECT FROM raw.audit a WHERE a.contract_id = k.id)
UNION ALL
SELECT 'one body governs a territory today', t.id, format('%s bodies', count(g.body_id))
FROM pub.territory t LEFT JOIN pub.governance g ON g.territory_id = t.id AND g.valid_from <= CURRENT_DATE AND g.valid_to > CURRENT_DATE
WHERE t.valid_from <= CURRENT_DATE AND t.valid_to > CURRENT_DATE
GROUP BY t.id HAVING count(g.body_id) <> 1
UNION ALL
SELECT 'a merger whose day has come is drawn', t.id, t.valid_from::text
FROM pub.territory t
WHERE t.valid_from <= CURRENT_DATE AND t.valid_to > CURRENT_DATE AND NOT EXISTS (SELECT FROM pub.shape s JOIN pub.boundary_set b ON b.id = s.set_id AND b.current AND b.kind = 'territory' WHERE s.code = t.id)
UNION ALL
SELECT 'a place''s region is its territory''s', p.id::text, format('%s in %s', p.territory_id, p.region_code)
FROM raw.place p JOIN pub.territory t ON t.id = p.territory_id WHERE p.region_code <> t.region_code
UNION ALL
SELECT 'a listed activity shows each of its places', a.source || '//' || a.external_id, format('%s places, %s shown', r.n, s.n)
FROM raw.activity a
CROSS JOIN LATERAL (SELECT count(*) AS n FROM raw.place p WHERE p.activity_id = a.id) r
CROSS JOIN LATERAL (SELECT count(*) AS n FROM pub.place p WHERE p.activity_id = a.id) s
WHERE a.class < 3 AND a.status NOT IN ('draft', 'suspended') AND r.n <> s.n
UNION ALL
SELECT 'what may not be listed is not', a.source || '//' || a.external_id, NULL
FROM raw.activity a JOIN pub.activity p ON p.id = a.id WHERE a.class = 3 OR a.status IN ('draft', 'suspended')
UNION ALL
SELECT 'every secret activity is withheld once', 'uk', format('%s secret, %s withheld', s.n, w.n)
FROM (SELECT count(*) AS n FROM raw.activity WHERE class = 3 AND status NOT IN ('draft', 'suspended', 'closed')) s
CROSS JOIN (SELECT COALESCE(sum(activities), 0) AS n FROM pub.withheld) w WHERE s.n <> w.n
ORDER BY 1, 2
