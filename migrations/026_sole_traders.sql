-- Who supplies as a person trading alone is a person: what they gave and were
-- paid is told, no finer than a territory, and not who they are.
CREATE OR REPLACE VIEW pub.contract WITH (security_barrier) AS
SELECT k.id, k.ocid, COALESCE(k.kind, 'services') AS kind, k.title, k.buyer_id, buyer.name AS buyer, buyer.sector,
       CASE WHEN NOT supplier.sole_trader THEN k.supplier_id END AS supplier_id, CASE WHEN supplier.sole_trader THEN 'A sole trader' ELSE supplier.name END AS supplier,
       k.value_pence, k.signed_on, k.starts_on, k.ends_on, k.closed_on, k.sv_clause, k.areas,
       COALESCE(told.territories, sites.territories, CASE WHEN buyer.territory_id IS NOT NULL THEN ARRAY[buyer.territory_id] END, '{}') AS territories,
       buyer.territory_id AS buyer_territory, a.decided_on AS audited_on, a.result AS audit_result
FROM raw.contract k
JOIN raw.organisation buyer ON buyer.id = k.buyer_id
JOIN raw.organisation supplier ON supplier.id = k.supplier_id
LEFT JOIN LATERAL (
  SELECT array_agg(DISTINCT COALESCE(t.id, d.territory_id)) AS territories
  FROM unnest(k.areas) c LEFT JOIN pub.territory t ON t.id = c LEFT JOIN pub.district d ON d.code = c
  WHERE COALESCE(t.id, d.territory_id) IS NOT NULL
) told ON true
LEFT JOIN LATERAL (SELECT array_agg(DISTINCT s.territory_id) AS territories FROM raw.delivery_site s WHERE s.contract_id = k.id AND s.territory_id IS NOT NULL) sites ON true
LEFT JOIN LATERAL (SELECT x.decided_on, x.result FROM raw.audit x WHERE x.contract_id = k.id ORDER BY x.decided_on DESC, x.id DESC LIMIT 1) a ON true
WHERE COALESCE(k.class, 's1') < 's3';

CREATE OR REPLACE VIEW pub.invitation WITH (security_barrier) AS
SELECT x.buyer_id, x.buyer, x.sector, CASE WHEN NOT x.sole_trader THEN x.supplier_id END AS supplier_id, CASE WHEN x.sole_trader THEN 'A sole trader' ELSE x.supplier END AS supplier, x.territory_id, min(x.date) AS invited_on,
       (array_agg(x.pence ORDER BY x.date))[1] AS pence, min(x.threshold) AS threshold_pence,
       (SELECT count(*) FROM raw.contract k JOIN raw.commitment m ON m.contract_id = k.id WHERE k.buyer_id = x.buyer_id AND k.supplier_id = x.supplier_id AND COALESCE(k.class, 's1') < 's3') AS commitments
FROM (
  SELECT t.buyer_id, b.name AS buyer, b.sector, t.supplier_id, s.name AS supplier, s.sole_trader, b.territory_id, t.date, p.rolling_pence AS threshold,
         (SELECT sum(y.amount_pence) FROM raw.transaction y
          LEFT JOIN raw.contract k ON k.id = y.contract_id
          WHERE y.buyer_id = t.buyer_id AND y.supplier_id = t.supplier_id AND y.date <= t.date AND y.date > t.date - make_interval(months => p.rolling_months)
            AND NOT COALESCE(k.value_pence > p.contract_over_pence, false)) AS pence
  FROM raw.transaction t
  JOIN raw.organisation b ON b.id = t.buyer_id
  JOIN raw.organisation s ON s.id = t.supplier_id
  JOIN pub.policy_in_force p ON p.territory_id = b.territory_id AND t.date >= p.in_force_from AND t.date < p.in_force_to AND p.rolling_pence IS NOT NULL
) x
WHERE x.pence >= x.threshold
GROUP BY x.buyer_id, x.buyer, x.sector, x.supplier_id, x.supplier, x.sole_trader, x.territory_id;

-- Facts tell of them without a name.
UPDATE pub.fact f SET supplier_id = NULL FROM raw.organisation o WHERE o.id = f.supplier_id AND o.sole_trader;
DELETE FROM pub.organisation n USING raw.organisation o
WHERE o.id = n.id AND o.sole_trader
  AND NOT EXISTS (SELECT FROM pub.activity a WHERE a.provider_id = n.id)
  AND NOT EXISTS (SELECT FROM pub.fact f WHERE f.buyer_id = n.id)
  AND NOT EXISTS (SELECT FROM pub.fact f WHERE f.provider_id = n.id);
