-- What else anyone may see of who acts and of what they agreed: organisations
-- that are named in public, and Social Purchase Orders.

-- Of a sole trader, who is a person, nothing but the name that a contract or a
-- contribution already tells. Everyone here is named by something that is
-- shown: a listed activity, a fact, a contract, or being a public body.
CREATE VIEW pub.party WITH (security_barrier) AS
SELECT o.id, o.name, o.sector, o.vcse, o.scale, o.url, o.identifiers
FROM raw.organisation o
WHERE NOT o.sole_trader
  AND (o.sector IS NOT NULL
    OR EXISTS (SELECT FROM pub.organisation n WHERE n.id = o.id)
    OR EXISTS (SELECT FROM raw.contract k WHERE o.id IN (k.buyer_id, k.supplier_id) AND COALESCE(k.class, 's1') < 's3'));
CREATE INDEX ON raw.contract (supplier_id);
CREATE INDEX organisation_name ON raw.organisation ((lower(name) COLLATE "C"), id);

-- Orders to listed activities, under no contract or one that is shown. Drafts
-- and what was declined or cancelled are between the parties.
CREATE POLICY shown ON raw.purchase_order FOR SELECT TO CURRENT_USER USING (true);
CREATE POLICY shown ON raw.order_event FOR SELECT TO CURRENT_USER USING (true);
CREATE VIEW pub.purchase_order WITH (security_barrier) AS
SELECT p.id, m.contract_id, p.commitment_id, p.activity_id, p.supplier_id, p.type, p.quantity_milli, p.unit, p.value_pence, p.issued_on, p.state,
       (SELECT max(e.date) FROM raw.order_event e WHERE e.order_id = p.id) AS state_on
FROM raw.purchase_order p
JOIN pub.activity a ON a.id = p.activity_id
JOIN raw.organisation s ON s.id = p.supplier_id AND NOT s.sole_trader
LEFT JOIN raw.commitment m ON m.id = p.commitment_id
LEFT JOIN raw.contract k ON k.id = m.contract_id
WHERE p.state NOT IN ('draft', 'declined', 'cancelled') AND COALESCE(k.class, 's1') < 's3';
CREATE INDEX ON raw.purchase_order (commitment_id) WHERE commitment_id IS NOT NULL;

GRANT SELECT ON pub.party, pub.purchase_order TO tributary_public, tributary_app;
