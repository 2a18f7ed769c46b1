-- Each part of a secret contribution against the fact made of it: the same amount,
-- type, state and standing, risen from the part's territory; and it names nobody.
-- Index: contribution_secret, allocation (contribution_id), fact (id).
SELECT (SELECT x.source || '//' || x.external_id FROM raw.contribution x WHERE x.id = a.contribution_id), format('part %s: %s', a.n, wrong.what)
FROM raw.contribution c
JOIN raw.allocation a ON a.contribution_id = c.id
LEFT JOIN pub.fact f ON f.id = a.fact_id
LEFT JOIN raw.held h ON h.contribution_id = c.id
CROSS JOIN LATERAL (SELECT CASE
  WHEN f.id IS NULL THEN 'it has none'
  WHEN (f.pence, f.quantity_milli, f.type, f.standing) IS DISTINCT FROM (a.pence, CASE WHEN raw.counts_people(c.unit, c.type) THEN 0 ELSE a.quantity_milli END, c.type, a.standing) THEN 'its fact is another amount, type or standing'
  WHEN f.state IS DISTINCT FROM raw.shown_state(c.state, h.open, h.falls) THEN format('its fact is %s', f.state)
  WHEN (num_nonnulls(f.contribution_id, f.supplier_id, f.buyer_id, f.provider_id, f.activity_id, f.contract_id, f.cell, f.area_code, f.measure) > 0 OR f.day <> date_trunc('quarter', f.day)) THEN 'its secret fact names somebody'
  WHEN (f.territory_id <> a.territory_id OR f.region_code <> a.region_code) THEN 'its secret fact is elsewhere'
  WHEN (a.geom IS NOT NULL OR a.cell IS NOT NULL OR a.area_code IS NOT NULL) THEN 'a secret part has a position'
END AS what OFFSET 0) wrong
WHERE c.class = 's3' AND wrong.what IS NOT NULL
ORDER BY 1, 2
