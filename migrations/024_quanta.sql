-- How many people a commitment or an order is of is told by the table of people
-- alone: here only that it is of people.
CREATE OR REPLACE VIEW pub.commitment WITH (security_barrier) AS
SELECT m.id, m.contract_id, m.measure, CASE WHEN NOT raw.counts_people(m.unit, '') THEN m.quantity_milli END AS quantity_milli,
       CASE WHEN raw.counts_people(m.unit, '') THEN 'people' ELSE m.unit END AS unit, m.value_pence, m.due_on, m.clause
FROM raw.commitment m JOIN raw.contract k ON k.id = m.contract_id WHERE COALESCE(k.class, 's1') < 's3';

CREATE OR REPLACE VIEW pub.purchase_order WITH (security_barrier) AS
SELECT p.id, m.contract_id, p.commitment_id, p.activity_id, p.supplier_id, p.type, CASE WHEN NOT raw.counts_people(p.unit, p.type) THEN p.quantity_milli END AS quantity_milli,
       CASE WHEN raw.counts_people(p.unit, p.type) THEN 'people' ELSE p.unit END AS unit, p.value_pence, p.issued_on, p.state,
       (SELECT max(e.date) FROM raw.order_event e WHERE e.order_id = p.id) AS state_on
FROM raw.purchase_order p
JOIN pub.activity a ON a.id = p.activity_id
JOIN raw.organisation s ON s.id = p.supplier_id AND NOT s.sole_trader
LEFT JOIN raw.commitment m ON m.id = p.commitment_id
LEFT JOIN raw.contract k ON k.id = m.contract_id
WHERE p.state NOT IN ('draft', 'declined', 'cancelled') AND COALESCE(k.class, 's1') < 's3';
