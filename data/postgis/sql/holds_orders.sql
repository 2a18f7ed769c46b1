-- Orders whose state is none of their last day's steps; without steps, draft.
WITH step AS (
  SELECT order_id, date, array_agg(DISTINCT state) AS states, max(date) OVER (PARTITION BY order_id) AS last FROM raw.order_event GROUP BY order_id, date
)
SELECT o.source || '//' || o.external_id, format('it says %s, the last step %s', o.state, COALESCE(array_to_string(s.states, ', '), 'draft, as there is none'))
FROM raw.purchase_order o LEFT JOIN step s ON s.order_id = o.id AND s.date = s.last
WHERE NOT o.state = ANY (COALESCE(s.states, ARRAY['draft']))
ORDER BY 1
