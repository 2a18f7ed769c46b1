-- Whose the contributions are, and where they lie: wherever their parts lie.
-- @sources, @ids: parallel arrays of identities.
-- Index: contribution (source, external_id).
SELECT r.source, r.external_id,
       array_remove(ARRAY(SELECT DISTINCT x.territory_id FROM raw.allocation x WHERE x.contribution_id = r.id), NULL) AS territories,
       array_remove(ARRAY[raw.spelt(r.supplier_id)], NULL) AS owners,
       array_remove(ARRAY[raw.spelt(r.provider_id), raw.spelt(a.provider_id), raw.spelt(k.buyer_id)], NULL) AS parties,
       false AS open
FROM unnest(@sources::text[], @ids::text[]) AS w(source, external_id)
JOIN raw.contribution r ON (r.source, r.external_id) = (w.source, w.external_id)
LEFT JOIN raw.purchase_order o ON o.id = r.order_id
LEFT JOIN raw.activity a ON a.id = COALESCE(r.activity_id, o.activity_id)
LEFT JOIN raw.contract k ON k.id = r.contract_id
