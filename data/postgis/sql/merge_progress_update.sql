-- Writes the staged progress_updates that differ from what is stored. Made by 'make
-- generate' from the kind's fields; the last row of the file that names a
-- record counts.
-- @source, @run.
-- Index: progress_update (source, external_id).
WITH last AS MATERIALIZED (
  SELECT DISTINCT ON (s.own_source, s.external_id) s.own_source, s.external_id, s.doc AS d, raw.ref_source(s.doc->>'contract') AS contract_source, raw.ref_id(s.doc->>'contract') AS contract_ref
  FROM staged s
  WHERE s.kind = 'progress_update' AND s.reason IS NULL
  ORDER BY s.own_source, s.external_id, s.n DESC
), given AS (
  SELECT g.own_source, g.external_id,
         ref_contract.id AS contract_id,
         (d->>'period_start')::date AS period_start,
         (d->>'period_end')::date AS period_end,
         (d->>'due_on')::date AS due_on,
         (d->>'submitted_on')::date AS submitted_on,
         (d->>'summary') AS summary
  FROM last g
  LEFT JOIN raw.contract ref_contract ON (ref_contract.source, ref_contract.external_id) = (g.contract_source, g.contract_ref)
), written AS (
  INSERT INTO raw.progress_update AS t (source, external_id, run_id, updated_at, contract_id, period_start, period_end, due_on, submitted_on, summary)
  SELECT own_source, external_id, @run::uuid, now(), contract_id, period_start, period_end, due_on, submitted_on, summary FROM given
  ON CONFLICT (source, external_id) DO UPDATE SET run_id = EXCLUDED.run_id, updated_at = EXCLUDED.updated_at,
    contract_id = EXCLUDED.contract_id, period_start = EXCLUDED.period_start, period_end = EXCLUDED.period_end, due_on = EXCLUDED.due_on, submitted_on = EXCLUDED.submitted_on, summary = EXCLUDED.summary
  WHERE ROW(t.contract_id, t.period_start, t.period_end, t.due_on, t.submitted_on, t.summary)
    IS DISTINCT FROM ROW(EXCLUDED.contract_id, EXCLUDED.period_start, EXCLUDED.period_end, EXCLUDED.due_on, EXCLUDED.submitted_on, EXCLUDED.summary)
  RETURNING t.id, t.xmax = 0 AS added, t.source, t.external_id
), note AS (
  INSERT INTO changed (kind, id, added, source, external_id) SELECT 'progress_update', id, added, source, external_id FROM written
)
SELECT (SELECT count(*) FROM last), count(*) FILTER (WHERE added), count(*) FILTER (WHERE NOT added) FROM written
