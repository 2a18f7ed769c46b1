-- Whose the adoptions are, and where they lie: in the territories of the plan.
-- @sources, @ids: parallel arrays of identities.
-- Index: adoption (source, external_id).
SELECT r.source, r.external_id,
       array_remove(ARRAY(SELECT t.territory_id FROM pub.plan_territory t WHERE t.plan_id = r.plan), NULL) AS territories,
       array_remove(ARRAY[raw.spelt(r.organisation_id)], NULL) AS owners,
       array_remove('{}'::text[], NULL) AS parties,
       false AS open
FROM unnest(@sources::text[], @ids::text[]) AS w(source, external_id)
JOIN raw.adoption r ON (r.source, r.external_id) = (w.source, w.external_id)
