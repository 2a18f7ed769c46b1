-- Whose the territories are, and where they lie: each is itself. Everyone knows them.
-- @sources, @ids: parallel arrays of identities.
-- Index: territory (source, external_id).
SELECT r.source, r.external_id,
       array_remove(ARRAY[r.external_id], NULL) AS territories,
       array_remove('{}'::text[], NULL) AS owners,
       array_remove('{}'::text[], NULL) AS parties,
       true AS open
FROM unnest(@sources::text[], @ids::text[]) AS w(source, external_id)
JOIN raw.territory r ON (r.source, r.external_id) = (w.source, w.external_id)
