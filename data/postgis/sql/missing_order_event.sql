-- References of staged order_events that lead nowhere. Made by 'make generate'.
-- @source.
SELECT s.n, s.line, 'order' AS field, d->>'order' AS value
FROM staged s CROSS JOIN LATERAL (SELECT s.doc AS d) x
WHERE s.kind = 'order_event' AND d ? 'order' AND NOT EXISTS (
  SELECT FROM raw.purchase_order r WHERE (r.source, r.external_id) = (raw.ref_source(d->>'order'), raw.ref_id(d->>'order')))
