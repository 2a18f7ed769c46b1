-- Whose the steps of orders are, and where they lie: where the order's activity happens. Each party takes its own steps.
-- @sources, @ids: parallel arrays of identities.
-- Index: order_event (source, external_id).
SELECT r.source, r.external_id,
       array_remove(raw.territories_of_activity(o.activity_id), NULL) AS territories,
       array_remove(ARRAY[raw.spelt(o.supplier_id), raw.spelt(a.provider_id), raw.spelt(k.buyer_id)], NULL) AS owners,
       array_remove('{}'::text[], NULL) AS parties,
       false AS open
FROM unnest(@sources::text[], @ids::text[]) AS w(source, external_id)
JOIN raw.order_event r ON (r.source, r.external_id) = (w.source, w.external_id)
JOIN raw.purchase_order o ON o.id = r.order_id
JOIN raw.activity a ON a.id = o.activity_id
LEFT JOIN raw.commitment m ON m.id = o.commitment_id
LEFT JOIN raw.contract k ON k.id = m.contract_id
