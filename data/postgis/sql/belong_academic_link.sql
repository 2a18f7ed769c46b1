-- Whose the academic links are, and where they lie: where the activity happens.
-- @sources, @ids: parallel arrays of identities.
-- Index: academic_link (source, external_id).
SELECT r.source, r.external_id,
       array_remove(raw.territories_of_activity(r.activity_id), NULL) AS territories,
       array_remove(ARRAY[raw.spelt(r.university_id)], NULL) AS owners,
       array_remove('{}'::text[], NULL) AS parties,
       false AS open
FROM unnest(@sources::text[], @ids::text[]) AS w(source, external_id)
JOIN raw.academic_link r ON (r.source, r.external_id) = (w.source, w.external_id)
