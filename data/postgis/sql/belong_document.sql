-- Whose the documents are, and where they lie: the territory, else the region's, else the activity's.
-- @sources, @ids: parallel arrays of identities.
-- Index: document (source, external_id).
SELECT r.source, r.external_id,
       array_remove(CASE WHEN r.territory IS NOT NULL THEN ARRAY[r.territory] WHEN r.region IS NOT NULL THEN ARRAY(SELECT t.id FROM pub.territory t WHERE t.region_code = r.region) WHEN r.activity_id IS NOT NULL THEN raw.territories_of_activity(r.activity_id) END, NULL) AS territories,
       array_remove(ARRAY[raw.spelt(r.organisation_id)], NULL) AS owners,
       array_remove('{}'::text[], NULL) AS parties,
       false AS open
FROM unnest(@sources::text[], @ids::text[]) AS w(source, external_id)
JOIN raw.document r ON (r.source, r.external_id) = (w.source, w.external_id)
