-- Whose the pieces of evidence are, and where they lie: wherever the contribution's parts lie. Its supplier and its provider give evidence.
-- @sources, @ids: parallel arrays of identities.
-- Index: evidence (source, external_id).
SELECT r.source, r.external_id,
       array_remove(ARRAY(SELECT DISTINCT x.territory_id FROM raw.allocation x WHERE x.contribution_id = c.id), NULL) AS territories,
       array_remove(ARRAY[raw.spelt(c.supplier_id), raw.spelt(c.provider_id), raw.spelt(a.provider_id)], NULL) AS owners,
       array_remove('{}'::text[], NULL) AS parties,
       false AS open
FROM unnest(@sources::text[], @ids::text[]) AS w(source, external_id)
JOIN raw.evidence r ON (r.source, r.external_id) = (w.source, w.external_id)
JOIN raw.contribution c ON c.id = r.contribution_id
LEFT JOIN raw.purchase_order o ON o.id = c.order_id
LEFT JOIN raw.activity a ON a.id = COALESCE(c.activity_id, o.activity_id)
