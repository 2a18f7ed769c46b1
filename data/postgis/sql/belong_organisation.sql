-- Whose the organisations are, and where they lie: nowhere; everyone knows them.
-- @sources, @ids: parallel arrays of identities.
-- Index: organisation (source, external_id).
SELECT r.source, r.external_id,
       array_remove('{}'::text[], NULL) AS territories,
       array_remove(ARRAY[r.source || '//' || r.external_id], NULL) AS owners,
       array_remove('{}'::text[], NULL) AS parties,
       true AS open
FROM unnest(@sources::text[], @ids::text[]) AS w(source, external_id)
JOIN raw.organisation r ON (r.source, r.external_id) = (w.source, w.external_id)
