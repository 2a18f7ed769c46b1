-- Whose the transactions are, and where they lie: where the contract is delivered, else where the buyer is.
-- @sources, @ids: parallel arrays of identities.
-- Index: transaction (source, external_id).
SELECT r.source, r.external_id,
       array_remove(CASE WHEN r.contract_id IS NOT NULL THEN raw.territories_of_contract(r.contract_id) ELSE ARRAY[b.territory_id] END, NULL) AS territories,
       array_remove(ARRAY[raw.spelt(r.buyer_id)], NULL) AS owners,
       array_remove(ARRAY[raw.spelt(r.supplier_id)], NULL) AS parties,
       false AS open
FROM unnest(@sources::text[], @ids::text[]) AS w(source, external_id)
JOIN raw.transaction r ON (r.source, r.external_id) = (w.source, w.external_id)
JOIN raw.organisation b ON b.id = r.buyer_id
