-- Writes the staged needs that differ from what is stored. Made by 'make
-- generate' from the kind's fields; the last row of the file that names a
-- record counts.
-- @source, @run.
-- Index: need (source, external_id).
WITH last AS MATERIALIZED (
  SELECT DISTINCT ON (s.own_source, s.external_id) s.own_source, s.external_id, s.doc AS d, raw.ref_source(s.doc->>'activity') AS activity_source, raw.ref_id(s.doc->>'activity') AS activity_ref
  FROM staged s
  WHERE s.kind = 'need' AND s.reason IS NULL
  ORDER BY s.own_source, s.external_id, s.n DESC
), given AS (
  SELECT g.own_source, g.external_id,
         ref_activity.id AS activity_id,
         (d->>'type') AS type,
         (d->>'quantity')::bigint AS quantity_milli,
         (d->>'unit') AS unit,
         (d->>'open_from')::date AS open_from,
         (d->>'open_to')::date AS open_to,
         (d->>'status') AS status,
         (d->>'text') AS text
  FROM last g
  LEFT JOIN raw.activity ref_activity ON (ref_activity.source, ref_activity.external_id) = (g.activity_source, g.activity_ref)
), written AS (
  INSERT INTO raw.need AS t (source, external_id, run_id, updated_at, activity_id, type, quantity_milli, unit, open_from, open_to, status, text)
  SELECT own_source, external_id, @run::uuid, now(), activity_id, type, quantity_milli, unit, open_from, open_to, status, text FROM given
  ON CONFLICT (source, external_id) DO UPDATE SET run_id = EXCLUDED.run_id, updated_at = EXCLUDED.updated_at,
    activity_id = EXCLUDED.activity_id, type = EXCLUDED.type, quantity_milli = EXCLUDED.quantity_milli, unit = EXCLUDED.unit, open_from = EXCLUDED.open_from, open_to = EXCLUDED.open_to, status = EXCLUDED.status, text = EXCLUDED.text
  WHERE ROW(t.activity_id, t.type, t.quantity_milli, t.unit, t.open_from, t.open_to, t.status, t.text)
    IS DISTINCT FROM ROW(EXCLUDED.activity_id, EXCLUDED.type, EXCLUDED.quantity_milli, EXCLUDED.unit, EXCLUDED.open_from, EXCLUDED.open_to, EXCLUDED.status, EXCLUDED.text)
  RETURNING t.id, t.xmax = 0 AS added, t.source, t.external_id
), note AS (
  INSERT INTO changed (kind, id, added, source, external_id) SELECT 'need', id, added, source, external_id FROM written
)
SELECT (SELECT count(*) FROM last), count(*) FILTER (WHERE added), count(*) FILTER (WHERE NOT added) FROM written
