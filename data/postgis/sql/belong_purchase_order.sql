-- Whose the purchase orders are, and where they lie: where the activity happens.
-- @sources, @ids: parallel arrays of identities.
-- Index: purchase_order (source, external_id).
SELECT r.source, r.external_id,
       array_remove(raw.territories_of_activity(r.activity_id), NULL) AS territories,
       array_remove(ARRAY[raw.spelt(r.supplier_id)], NULL) AS owners,
       array_remove(ARRAY[raw.spelt(a.provider_id), raw.spelt(k.buyer_id)], NULL) AS parties,
       false AS open
FROM unnest(@sources::text[], @ids::text[]) AS w(source, external_id)
JOIN raw.purchase_order r ON (r.source, r.external_id) = (w.source, w.external_id)
JOIN raw.activity a ON a.id = r.activity_id
LEFT JOIN raw.commitment m ON m.id = r.commitment_id
LEFT JOIN raw.contract k ON k.id = m.contract_id
