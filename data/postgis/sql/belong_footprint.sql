-- Whose the footprints are, and where they lie: what is bought for.
-- @sources, @ids: parallel arrays of identities.
-- Index: footprint (source, external_id).
SELECT r.source, r.external_id,
       array_remove(ARRAY[COALESCE(r.territory, raw.territory_of(r.area_code))], NULL) AS territories,
       array_remove(ARRAY[raw.spelt(r.buyer_id)], NULL) AS owners,
       array_remove('{}'::text[], NULL) AS parties,
       false AS open
FROM unnest(@sources::text[], @ids::text[]) AS w(source, external_id)
JOIN raw.footprint r ON (r.source, r.external_id) = (w.source, w.external_id)
