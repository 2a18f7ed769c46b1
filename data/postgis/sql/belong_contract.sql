-- Whose the contracts are, and where they lie: where each is delivered.
-- @sources, @ids: parallel arrays of identities.
-- Index: contract (source, external_id).
SELECT r.source, r.external_id,
       array_remove(raw.territories_of_contract(r.id), NULL) AS territories,
       array_remove(ARRAY[raw.spelt(r.buyer_id)], NULL) AS owners,
       array_remove(ARRAY[raw.spelt(r.supplier_id)], NULL) AS parties,
       false AS open
FROM unnest(@sources::text[], @ids::text[]) AS w(source, external_id)
JOIN raw.contract r ON (r.source, r.external_id) = (w.source, w.external_id)
