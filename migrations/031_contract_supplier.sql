-- The contracts of a supplier are looked up by index: who may be named is joined,
-- as an expression over the supplier would be computed for every contract.
CREATE OR REPLACE VIEW pub.contract WITH (security_barrier) AS
SELECT k.id, k.ocid, COALESCE(k.kind, 'services') AS kind, k.title, k.buyer_id, buyer.name AS buyer, buyer.sector,
       named.id AS supplier_id, COALESCE(named.name, 'A sole trader') AS supplier,
       k.value_pence, k.signed_on, k.starts_on, k.ends_on, k.closed_on, k.sv_clause, k.areas,
       COALESCE(told.territories, sites.territories, CASE WHEN buyer.territory_id IS NOT NULL THEN ARRAY[buyer.territory_id] END, '{}') AS territories,
       buyer.territory_id AS buyer_territory, a.decided_on AS audited_on, a.result AS audit_result
FROM raw.contract k
JOIN raw.organisation buyer ON buyer.id = k.buyer_id
LEFT JOIN raw.organisation named ON named.id = k.supplier_id AND NOT named.sole_trader
LEFT JOIN LATERAL (
  SELECT array_agg(DISTINCT COALESCE(t.id, d.territory_id)) AS territories
  FROM unnest(k.areas) c LEFT JOIN pub.territory t ON t.id = c LEFT JOIN pub.district d ON d.code = c
  WHERE COALESCE(t.id, d.territory_id) IS NOT NULL
) told ON true
LEFT JOIN LATERAL (SELECT array_agg(DISTINCT s.territory_id) AS territories FROM raw.delivery_site s WHERE s.contract_id = k.id AND s.territory_id IS NOT NULL) sites ON true
LEFT JOIN LATERAL (SELECT x.decided_on, x.result FROM raw.audit x WHERE x.contract_id = k.id ORDER BY x.decided_on DESC, x.id DESC LIMIT 1) a ON true
WHERE COALESCE(k.class, 's1') < 's3';
