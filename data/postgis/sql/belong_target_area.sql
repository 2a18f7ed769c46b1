-- Whose the target areas are, and where they lie: in the territories of the set's plan, and of their own areas.
-- @sources, @ids: parallel arrays of identities.
-- Index: target_area (source, external_id).
SELECT r.source, r.external_id,
       array_remove(ARRAY(SELECT t.territory_id FROM pub.plan_territory t WHERE t.plan_id = s.plan) || ARRAY(SELECT raw.territory_of(a) FROM unnest(r.areas) a), NULL) AS territories,
       array_remove('{}'::text[], NULL) AS owners,
       array_remove('{}'::text[], NULL) AS parties,
       s.public AS open
FROM unnest(@sources::text[], @ids::text[]) AS w(source, external_id)
JOIN raw.target_area r ON (r.source, r.external_id) = (w.source, w.external_id)
JOIN raw.target_area_set s ON s.id = r.set_id
