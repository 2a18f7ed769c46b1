-- One of the order_events as it is stored, by column. Made by 'make generate'.
-- @source, @id.
-- Index: order_event (source, external_id).
SELECT jsonb_strip_nulls(jsonb_build_object(
         'id', r.external_id,
         'order', ref_order.source || '//' || ref_order.external_id,
         'state', r.state,
         'date', r.date,
         'reason', r.reason))
FROM raw.order_event r
LEFT JOIN raw.purchase_order ref_order ON ref_order.id = r.order_id
WHERE r.source = @source AND r.external_id = @id
