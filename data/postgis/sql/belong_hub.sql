-- Whose the hubs are, and where they lie: in every territory of the region. Everyone knows them.
-- @sources, @ids: parallel arrays of identities.
-- Index: hub (source, external_id).
SELECT r.source, r.external_id,
       array_remove(ARRAY(SELECT t.id FROM pub.territory t WHERE t.region_code = r.region), NULL) AS territories,
       array_remove(ARRAY[raw.spelt(r.host_id)], NULL) AS owners,
       array_remove('{}'::text[], NULL) AS parties,
       true AS open
FROM unnest(@sources::text[], @ids::text[]) AS w(source, external_id)
JOIN raw.hub r ON (r.source, r.external_id) = (w.source, w.external_id)
