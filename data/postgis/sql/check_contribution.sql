-- Refuses staged contributions that come before their order, or whose order
-- has not been accepted, or in a unit that their measure is not counted in.
-- @source.
-- Index: purchase_order (source, external_id).
WITH c AS MATERIALIZED (
  SELECT s.n, s.doc, raw.ref_source(s.doc->>'order') AS order_source, raw.ref_id(s.doc->>'order') AS order_ref
  FROM staged s
  WHERE s.kind = 'contribution' AND s.reason IS NULL AND (s.doc ? 'order' OR s.doc ? 'measure')
)
UPDATE staged s SET field = p.field, value = p.value, reason = p.reason
FROM c
LEFT JOIN raw.purchase_order o ON (o.source, o.external_id) = (c.order_source, c.order_ref)
LEFT JOIN pub.measure m ON m.code = c.doc->>'measure'
CROSS JOIN LATERAL (
  SELECT 'delivered_from' AS field, c.doc->>'delivered_from' AS value,
         format('the contribution comes before its order was issued, on %s: correct one of the two', o.issued_on) AS reason
  WHERE (c.doc->>'delivered_from')::date < o.issued_on
  UNION ALL
  SELECT 'order', c.doc->>'order', format('the order is %s: nothing can be delivered under it before it is accepted', o.state)
  WHERE o.state IN ('draft', 'issued', 'declined', 'cancelled')
  UNION ALL
  SELECT 'type', c.doc->>'type', format('the measure %s is served by %s: choose one, or another measure', m.code, array_to_string(m.types, ', '))
  WHERE m.code IS NOT NULL AND NOT (c.doc->>'type' = ANY (m.types))
  LIMIT 1
) p
WHERE s.n = c.n
