-- Each part against the fact made of it: the same amount, type, state and
-- standing, in the part's territory or, a secret one, risen from it; a secret fact
-- names nobody.
-- A state is that of the last review of what is found.
SELECT (SELECT x.source || '//' || x.external_id FROM raw.contribution x WHERE x.id = a.contribution_id), format('part %s: %s', a.n, wrong.what)
FROM raw.allocation a
JOIN raw.contribution c ON c.id = a.contribution_id
JOIN raw.organisation o ON o.id = c.supplier_id
LEFT JOIN pub.fact f ON f.id = a.fact_id
LEFT JOIN raw.held h ON h.contribution_id = c.id
CROSS JOIN LATERAL (SELECT CASE
  WHEN f.id IS NULL THEN 'it has none'
  WHEN (f.pence, f.quantity_milli, f.type, f.standing) IS DISTINCT FROM (a.pence, CASE WHEN raw.counts_people(c.unit, c.type) THEN 0 ELSE a.quantity_milli END, c.type, a.standing) THEN 'its fact is another amount, type or standing'
  WHEN f.state IS DISTINCT FROM raw.shown_state(c.state, h.open, h.falls) THEN format('its fact is %s', f.state)
  WHEN c.class < 's3' AND (f.contribution_id IS DISTINCT FROM c.id OR f.territory_id IS DISTINCT FROM a.territory_id OR f.region_code IS DISTINCT FROM a.region_code) THEN 'its fact is another''s, or elsewhere'
  WHEN c.class < 's3' AND f.level <> raw.told_at(c.class, o.sole_trader, a.method, a.cell, a.area_code, a.territory_id, raw.finest_at(a.territory_id, c.delivered_from)) THEN format('its fact is told at the level %s', f.level)
  WHEN c.class >= 's2' AND f.cell IS NOT NULL OR c.class = 's1' AND f.level = 'exact' THEN 'its fact is finer than its class'
  WHEN o.sole_trader AND f.supplier_area IS NOT NULL THEN 'its fact tells where a person trading alone is'
  WHEN o.sole_trader AND f.supplier_id IS NOT NULL THEN 'its fact names a person trading alone'
  WHEN c.class = 's3' AND (num_nonnulls(f.contribution_id, f.supplier_id, f.buyer_id, f.provider_id, f.activity_id, f.contract_id, f.cell, f.area_code, f.measure) > 0 OR f.day <> date_trunc('quarter', f.day)) THEN 'its secret fact names somebody'
  WHEN c.class = 's3' AND (f.territory_id <> a.territory_id OR f.region_code <> a.region_code) THEN 'its secret fact is elsewhere'
  WHEN c.class = 's3' AND (a.geom IS NOT NULL OR a.cell IS NOT NULL OR a.area_code IS NOT NULL) THEN 'a secret part has a position'
END AS what OFFSET 0) wrong
WHERE wrong.what IS NOT NULL
ORDER BY 1, 2
