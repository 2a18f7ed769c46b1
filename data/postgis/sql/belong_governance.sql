-- Whose the rows of governance are, and where they lie: in the territory governed. Everyone knows them.
-- @sources, @ids: parallel arrays of identities.
-- Index: governance (source, external_id).
SELECT r.source, r.external_id,
       array_remove(ARRAY[r.territory], NULL) AS territories,
       array_remove('{}'::text[], NULL) AS owners,
       array_remove('{}'::text[], NULL) AS parties,
       true AS open
FROM unnest(@sources::text[], @ids::text[]) AS w(source, external_id)
JOIN raw.governance r ON (r.source, r.external_id) = (w.source, w.external_id)
