-- Whose the estimates of savings are, and where they lie: where the activity happens.
-- @sources, @ids: parallel arrays of identities.
-- Index: saving_estimate (source, external_id).
SELECT r.source, r.external_id,
       array_remove(raw.territories_of_activity(r.activity_id), NULL) AS territories,
       array_remove('{}'::text[], NULL) AS owners,
       array_remove('{}'::text[], NULL) AS parties,
       false AS open
FROM unnest(@sources::text[], @ids::text[]) AS w(source, external_id)
JOIN raw.saving_estimate r ON (r.source, r.external_id) = (w.source, w.external_id)
