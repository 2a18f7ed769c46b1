-- Whose the sets of target areas are, and where they lie: in the territories of the plan. Everyone knows those that are public.
-- @sources, @ids: parallel arrays of identities.
-- Index: target_area_set (source, external_id).
SELECT r.source, r.external_id,
       array_remove(ARRAY(SELECT t.territory_id FROM pub.plan_territory t WHERE t.plan_id = r.plan), NULL) AS territories,
       array_remove('{}'::text[], NULL) AS owners,
       array_remove('{}'::text[], NULL) AS parties,
       r.public AS open
FROM unnest(@sources::text[], @ids::text[]) AS w(source, external_id)
JOIN raw.target_area_set r ON (r.source, r.external_id) = (w.source, w.external_id)
