-- Whose the activities are, and where they lie: where each happens. Everyone knows those that are listed.
-- @sources, @ids: parallel arrays of identities.
-- Index: activity (source, external_id).
SELECT r.source, r.external_id,
       array_remove(raw.territories_of_activity(r.id), NULL) AS territories,
       array_remove(ARRAY[raw.spelt(r.provider_id)], NULL) AS owners,
       array_remove('{}'::text[], NULL) AS parties,
       EXISTS (SELECT FROM pub.activity p WHERE p.id = r.id) AS open
FROM unnest(@sources::text[], @ids::text[]) AS w(source, external_id)
JOIN raw.activity r ON (r.source, r.external_id) = (w.source, w.external_id)
