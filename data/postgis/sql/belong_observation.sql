-- Whose the observations are, and where they lie: where each was made.
-- @sources, @ids: parallel arrays of identities.
-- Index: observation (source, external_id).
SELECT r.source, r.external_id,
       array_remove(ARRAY[COALESCE(r.territory, raw.territory_of(r.area_code))] || CASE WHEN r.activity_id IS NOT NULL THEN raw.territories_of_activity(r.activity_id) END, NULL) AS territories,
       array_remove('{}'::text[], NULL) AS owners,
       array_remove('{}'::text[], NULL) AS parties,
       false AS open
FROM unnest(@sources::text[], @ids::text[]) AS w(source, external_id)
JOIN raw.observation r ON (r.source, r.external_id) = (w.source, w.external_id)
