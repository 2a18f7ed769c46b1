-- Steps for which no step of that day or before, nor the draft, allows their
-- state. Those of one day have no order among them.
-- Index: order_event (order_id).
SELECT o.source || '//' || o.external_id, format('%s on %s', e.state, e.date)
FROM raw.order_event e JOIN raw.purchase_order o ON o.id = e.order_id
WHERE NOT EXISTS (SELECT FROM pub.order_step t WHERE t.from_state = 'draft' AND t.to_state = e.state)
  AND NOT EXISTS (SELECT FROM raw.order_event b JOIN pub.order_step t ON t.from_state = b.state AND t.to_state = e.state WHERE b.order_id = e.order_id AND b.id <> e.id AND b.date <= e.date)
ORDER BY 1, 2
