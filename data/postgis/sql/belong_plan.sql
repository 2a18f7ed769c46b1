-- Whose the plans are, and where they lie: in all of their territories. Everyone knows them.
-- @sources, @ids: parallel arrays of identities.
-- Index: plan (source, external_id).
SELECT r.source, r.external_id,
       array_remove(r.territories, NULL) AS territories,
       array_remove('{}'::text[], NULL) AS owners,
       array_remove('{}'::text[], NULL) AS parties,
       true AS open
FROM unnest(@sources::text[], @ids::text[]) AS w(source, external_id)
JOIN raw.plan r ON (r.source, r.external_id) = (w.source, w.external_id)
