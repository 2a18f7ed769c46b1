-- An order stands where its last step put it, and was issued when its steps
-- say so, if it does not.
WITH last AS (
  SELECT DISTINCT ON (e.order_id) e.order_id, e.state, e.date
  FROM raw.order_event e
  LEFT JOIN staged s ON s.kind = 'order_event' AND (s.own_source, s.external_id) = (e.source, e.external_id)
  WHERE e.order_id IN (SELECT order_id FROM raw.order_event x JOIN changed c ON c.kind = 'order_event' AND c.id = x.id)
  ORDER BY e.order_id, e.date DESC, s.n DESC NULLS LAST
)
UPDATE raw.purchase_order o
SET state = l.state, issued_on = COALESCE(o.issued_on, (SELECT min(e.date) FROM raw.order_event e WHERE e.order_id = o.id AND e.state = 'issued'))
FROM last l WHERE o.id = l.order_id
