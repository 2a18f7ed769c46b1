-- Writes the staged order_events that differ from what is stored. Made by 'make
-- generate' from the kind's fields; the last row of the file that names a
-- record counts.
-- @source, @run.
-- Index: order_event (source, external_id).
WITH last AS MATERIALIZED (
  SELECT DISTINCT ON (s.own_source, s.external_id) s.own_source, s.external_id, s.doc AS d, raw.ref_source(s.doc->>'order') AS order_source, raw.ref_id(s.doc->>'order') AS order_ref
  FROM staged s
  WHERE s.kind = 'order_event' AND s.reason IS NULL
  ORDER BY s.own_source, s.external_id, s.n DESC
), given AS (
  SELECT g.own_source, g.external_id,
         ref_order.id AS order_id,
         (d->>'state') AS state,
         (d->>'date')::date AS date,
         (d->>'reason') AS reason
  FROM last g
  LEFT JOIN raw.purchase_order ref_order ON (ref_order.source, ref_order.external_id) = (g.order_source, g.order_ref)
), written AS (
  INSERT INTO raw.order_event AS t (source, external_id, run_id, updated_at, order_id, state, date, reason)
  SELECT own_source, external_id, @run::uuid, now(), order_id, state, date, reason FROM given
  ON CONFLICT (source, external_id) DO UPDATE SET run_id = EXCLUDED.run_id, updated_at = EXCLUDED.updated_at,
    order_id = EXCLUDED.order_id, state = EXCLUDED.state, date = EXCLUDED.date, reason = EXCLUDED.reason
  WHERE ROW(t.order_id, t.state, t.date, t.reason)
    IS DISTINCT FROM ROW(EXCLUDED.order_id, EXCLUDED.state, EXCLUDED.date, EXCLUDED.reason)
  RETURNING t.id, t.xmax = 0 AS added, t.source, t.external_id
), note AS (
  INSERT INTO changed (kind, id, added, source, external_id) SELECT 'order_event', id, added, source, external_id FROM written
)
SELECT (SELECT count(*) FROM last), count(*) FILTER (WHERE added), count(*) FILTER (WHERE NOT added) FROM written
