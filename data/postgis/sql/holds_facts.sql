-- Each part of a piece of the contributions that are not secret against the fact
-- made of it: the same amount, type, state and standing, in the part's territory.
-- A state is that of the last review of what is found. That a fact of people says
-- so is held by holds_people.sql. Functions are asked where they matter alone, as
-- they take most of the time.
-- @after, @upto: ids of contributions.
-- Index: contribution (id), allocation (contribution_id), fact (contribution_id).
WITH limited AS MATERIALIZED (
  SELECT DISTINCT territory_id FROM pub.policy_in_force WHERE finest IS NOT NULL
)
SELECT (SELECT x.source || '//' || x.external_id FROM raw.contribution x WHERE x.id = a.contribution_id), format('part %s: %s', a.n, wrong.what)
FROM raw.allocation a
JOIN raw.contribution c ON c.id = a.contribution_id
JOIN raw.organisation o ON o.id = c.supplier_id
LEFT JOIN pub.fact f ON f.id = a.fact_id AND f.contribution_id > @after::uuid AND f.contribution_id <= @upto::uuid
LEFT JOIN raw.held h ON h.contribution_id = c.id
LEFT JOIN limited l ON l.territory_id = a.territory_id
CROSS JOIN LATERAL (SELECT CASE WHEN l.territory_id IS NOT NULL THEN raw.finest_at(a.territory_id, c.delivered_from) END AS finest OFFSET 0) policy
CROSS JOIN LATERAL (SELECT CASE
  WHEN f.id IS NULL THEN 'it has none of its own'
  WHEN f.pence <> a.pence OR f.type <> c.type OR f.standing <> a.standing OR f.quantity_milli <> CASE WHEN f.unit = 'people' THEN 0 ELSE a.quantity_milli END
    OR f.unit IS DISTINCT FROM c.unit AND NOT (f.unit IS NOT DISTINCT FROM 'people' AND raw.counts_people(c.unit, c.type)) THEN 'its fact is another amount, unit, type or standing'
  WHEN f.state IS DISTINCT FROM raw.shown_state(c.state, h.open, h.falls) THEN format('its fact is %s', f.state)
  WHEN (f.contribution_id IS DISTINCT FROM c.id OR f.territory_id IS DISTINCT FROM a.territory_id OR f.region_code IS DISTINCT FROM a.region_code) THEN 'its fact is another''s, or elsewhere'
  WHEN f.level <> raw.told_at(c.class, o.sole_trader, a.method, a.cell, a.area_code, a.territory_id, policy.finest) THEN format('its fact is told at the level %s', f.level)
  WHEN c.class >= 's2' AND f.cell IS NOT NULL OR c.class = 's1' AND f.level = 'exact' THEN 'its fact is finer than its class'
  WHEN o.sole_trader AND f.supplier_area IS NOT NULL THEN 'its fact tells where a person trading alone is'
  WHEN o.sole_trader AND f.supplier_id IS NOT NULL THEN 'its fact names a person trading alone'
END AS what OFFSET 0) wrong
WHERE a.contribution_id > @after::uuid AND a.contribution_id <= @upto::uuid AND c.id > @after::uuid AND c.id <= @upto::uuid AND c.class < 's3' AND wrong.what IS NOT NULL
ORDER BY 1, 2
