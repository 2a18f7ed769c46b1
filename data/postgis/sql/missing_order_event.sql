-- References of staged order_events that lead nowhere. Made by 'make generate'.
-- @source.
-- Index: (source, external_id) of what is referred to.
WITH given AS MATERIALIZED (
  SELECT s.n, s.line, raw.ref_source(s.doc->>'order') AS order_source, raw.ref_id(s.doc->>'order') AS order_ref
  FROM staged s WHERE s.kind = 'order_event'
)
SELECT g.n, g.line, 'order' AS field, g.order_source || '//' || g.order_ref AS value
FROM given g
WHERE g.order_source IS NOT NULL AND NOT EXISTS (
  SELECT FROM raw.purchase_order r WHERE (r.source, r.external_id) = (g.order_source, g.order_ref))
