-- Where an order stands, what may follow, and its steps.
-- @source, @id.
-- Index: purchase_order (source, external_id), order_event (order_id).
SELECT o.state, ARRAY(SELECT t.to_state FROM pub.order_step t WHERE t.from_state = o.state ORDER BY 1),
       COALESCE((SELECT jsonb_agg(jsonb_strip_nulls(jsonb_build_object('state', e.state, 'date', e.date, 'reason', e.reason)) ORDER BY e.date, e.updated_at, e.id)
                 FROM raw.order_event e WHERE e.order_id = o.id), '[]')
FROM raw.purchase_order o WHERE o.source = @source AND o.external_id = @id
