-- Whose the register entries are, and where they lie: the territory that each is for.
-- @sources, @ids: parallel arrays of identities.
-- Index: register_entry (source, external_id).
SELECT r.source, r.external_id,
       array_remove(ARRAY[r.territory], NULL) AS territories,
       array_remove(ARRAY[raw.spelt(r.organisation_id)], NULL) AS owners,
       array_remove('{}'::text[], NULL) AS parties,
       false AS open
FROM unnest(@sources::text[], @ids::text[]) AS w(source, external_id)
JOIN raw.register_entry r ON (r.source, r.external_id) = (w.source, w.external_id)
