-- Whose the reviews are, and where they lie: wherever the contribution's parts lie.
-- @sources, @ids: parallel arrays of identities.
-- Index: review (source, external_id).
SELECT r.source, r.external_id,
       array_remove(ARRAY(SELECT DISTINCT x.territory_id FROM raw.allocation x WHERE x.contribution_id = c.id), NULL) AS territories,
       array_remove('{}'::text[], NULL) AS owners,
       array_remove(ARRAY[raw.spelt(c.supplier_id)], NULL) AS parties,
       false AS open
FROM unnest(@sources::text[], @ids::text[]) AS w(source, external_id)
JOIN raw.review r ON (r.source, r.external_id) = (w.source, w.external_id)
JOIN raw.contribution c ON c.id = r.contribution_id
