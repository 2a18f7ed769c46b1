-- What records that others refer to are called.
-- @kinds, @sources, @ids: parallel arrays.
SELECT w.kind, w.source || '//' || w.id, COALESCE(n.name, '')
FROM unnest(@kinds::text[], @sources::text[], @ids::text[]) AS w(kind, source, id)
LEFT JOIN LATERAL (
  SELECT o.name FROM raw.organisation o WHERE w.kind = 'organisation' AND (o.source, o.external_id) = (w.source, w.id)
  UNION ALL
  SELECT a.name FROM raw.activity a WHERE w.kind = 'activity' AND (a.source, a.external_id) = (w.source, w.id)
  UNION ALL
  SELECT k.title FROM raw.contract k WHERE w.kind = 'contract' AND (k.source, k.external_id) = (w.source, w.id)
  UNION ALL
  SELECT concat_ws(', ', k.title, m.clause, m.measure) FROM raw.commitment m JOIN raw.contract k ON k.id = m.contract_id WHERE w.kind = 'commitment' AND (m.source, m.external_id) = (w.source, w.id)
  UNION ALL
  SELECT s.name || ' for ' || a.name FROM raw.purchase_order o JOIN raw.activity a ON a.id = o.activity_id JOIN raw.organisation s ON s.id = o.supplier_id WHERE w.kind = 'purchase_order' AND (o.source, o.external_id) = (w.source, w.id)
  UNION ALL
  SELECT COALESCE(NULLIF(c.title, ''), initcap(replace(c.type, '_', ' '))) FROM raw.contribution c WHERE w.kind = 'contribution' AND (c.source, c.external_id) = (w.source, w.id)
  UNION ALL
  SELECT COALESCE(t.name, t.postcode, t.external_id) FROM raw.site t WHERE w.kind = 'site' AND (t.source, t.external_id) = (w.source, w.id)
  UNION ALL
  SELECT a.name || ': ' || replace(n.type, '_', ' ') FROM raw.need n JOIN raw.activity a ON a.id = n.activity_id WHERE w.kind = 'need' AND (n.source, n.external_id) = (w.source, w.id)
  UNION ALL
  SELECT t.name FROM raw.target_area_set t WHERE w.kind = 'target_area_set' AND (t.source, t.external_id) = (w.source, w.id)
  UNION ALL
  SELECT i.title FROM raw.indicator i WHERE w.kind = 'indicator' AND (i.source, i.external_id) = (w.source, w.id)
) n ON true
