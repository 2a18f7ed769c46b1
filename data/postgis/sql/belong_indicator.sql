-- Whose the indicators are, and where they lie: nowhere; everyone knows them.
-- @sources, @ids: parallel arrays of identities.
-- Index: indicator (source, external_id).
SELECT r.source, r.external_id,
       array_remove('{}'::text[], NULL) AS territories,
       array_remove('{}'::text[], NULL) AS owners,
       array_remove('{}'::text[], NULL) AS parties,
       true AS open
FROM unnest(@sources::text[], @ids::text[]) AS w(source, external_id)
JOIN raw.indicator r ON (r.source, r.external_id) = (w.source, w.external_id)
