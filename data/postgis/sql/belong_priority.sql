-- Whose the priorities are, and where they lie: in the territories of the plan. Everyone knows them.
-- @sources, @ids: parallel arrays of identities.
-- Index: priority (source, external_id).
SELECT r.source, r.external_id,
       array_remove(ARRAY(SELECT t.territory_id FROM pub.plan_territory t WHERE t.plan_id = r.plan), NULL) AS territories,
       array_remove('{}'::text[], NULL) AS owners,
       array_remove('{}'::text[], NULL) AS parties,
       true AS open
FROM unnest(@sources::text[], @ids::text[]) AS w(source, external_id)
JOIN raw.priority r ON (r.source, r.external_id) = (w.source, w.external_id)
