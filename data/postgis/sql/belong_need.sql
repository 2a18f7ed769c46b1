-- Whose the needs are, and where they lie: where the activity happens. Everyone knows those of listed activities.
-- @sources, @ids: parallel arrays of identities.
-- Index: need (source, external_id).
SELECT r.source, r.external_id,
       array_remove(raw.territories_of_activity(r.activity_id), NULL) AS territories,
       array_remove(ARRAY[raw.spelt(a.provider_id)], NULL) AS owners,
       array_remove('{}'::text[], NULL) AS parties,
       EXISTS (SELECT FROM pub.activity p WHERE p.id = r.activity_id) AS open
FROM unnest(@sources::text[], @ids::text[]) AS w(source, external_id)
JOIN raw.need r ON (r.source, r.external_id) = (w.source, w.external_id)
JOIN raw.activity a ON a.id = r.activity_id
