-- Whose the progress updates are, and where they lie: where the contract is delivered. Its supplier reports.
-- @sources, @ids: parallel arrays of identities.
-- Index: progress_update (source, external_id).
SELECT r.source, r.external_id,
       array_remove(raw.territories_of_contract(r.contract_id), NULL) AS territories,
       array_remove(ARRAY[raw.spelt(k.supplier_id), raw.spelt(k.buyer_id)], NULL) AS owners,
       array_remove('{}'::text[], NULL) AS parties,
       false AS open
FROM unnest(@sources::text[], @ids::text[]) AS w(source, external_id)
JOIN raw.progress_update r ON (r.source, r.external_id) = (w.source, w.external_id)
JOIN raw.contract k ON k.id = r.contract_id
