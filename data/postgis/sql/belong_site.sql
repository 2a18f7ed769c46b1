-- Whose the sites are, and where they lie: where each is.
-- @sources, @ids: parallel arrays of identities.
-- Index: site (source, external_id).
SELECT r.source, r.external_id,
       array_remove(ARRAY[r.territory_id], NULL) AS territories,
       array_remove(ARRAY[raw.spelt(r.organisation_id)], NULL) AS owners,
       array_remove('{}'::text[], NULL) AS parties,
       false AS open
FROM unnest(@sources::text[], @ids::text[]) AS w(source, external_id)
JOIN raw.site r ON (r.source, r.external_id) = (w.source, w.external_id)
