-- Refuses steps that an order's state does not allow. The steps of one file
-- follow one another by day, then by row. A step that is stored already is
-- left alone, and refused if the file tells it otherwise: steps do not change.
-- @source.
-- Index: purchase_order, order_event (source, external_id).
WITH given AS MATERIALIZED (
  SELECT s.n, s.own_source, s.external_id, s.doc, raw.ref_source(s.doc->>'order') AS order_source, raw.ref_id(s.doc->>'order') AS order_ref
  FROM staged s WHERE s.kind = 'order_event' AND s.reason IS NULL
), step AS (
  SELECT s.n, s.doc->>'state' AS state, (s.doc->>'date')::date AS day, o.id AS order_id, o.state AS stored, e.id AS event_id,
         (e.state, e.date, e.reason) IS DISTINCT FROM (s.doc->>'state', (s.doc->>'date')::date, s.doc->>'reason') AS differs
  FROM given s
  JOIN raw.purchase_order o ON (o.source, o.external_id) = (s.order_source, s.order_ref)
  LEFT JOIN raw.order_event e ON (e.source, e.external_id) = (s.own_source, s.external_id)
), fresh AS (
  SELECT n, state, COALESCE(lag(state) OVER (PARTITION BY order_id ORDER BY day, n), stored) AS from_state
  FROM step WHERE event_id IS NULL
), wrong AS (
  SELECT n, state, format('an order that is %s cannot become %s: %s', from_state, state,
           COALESCE('it can become ' || (SELECT string_agg(t.to_state, ', ' ORDER BY t.to_state) FROM pub.order_step t WHERE t.from_state = f.from_state), 'that state is final')) AS reason
  FROM fresh f
  WHERE NOT EXISTS (SELECT FROM pub.order_step t WHERE (t.from_state, t.to_state) = (f.from_state, f.state))
  UNION ALL
  SELECT n, state, 'this step is on record already and cannot be changed: give a further step instead' FROM step WHERE event_id IS NOT NULL AND differs
)
UPDATE staged s SET field = 'state', value = w.state, reason = w.reason FROM wrong w WHERE s.n = w.n
