-- Writes the staged commitments that differ from what is stored. Made by 'make
-- generate' from the kind's fields; the last row of the file that names a
-- record counts.
-- @source, @run.
-- Index: commitment (source, external_id).
WITH last AS MATERIALIZED (
  SELECT DISTINCT ON (s.own_source, s.external_id) s.own_source, s.external_id, s.doc AS d, raw.ref_source(s.doc->>'contract') AS contract_source, raw.ref_id(s.doc->>'contract') AS contract_ref
  FROM staged s
  WHERE s.kind = 'commitment' AND s.reason IS NULL
  ORDER BY s.own_source, s.external_id, s.n DESC
), given AS (
  SELECT g.own_source, g.external_id,
         ref_contract.id AS contract_id,
         (d->>'measure') AS measure,
         (d->>'quantity')::bigint AS quantity_milli,
         (d->>'unit') AS unit,
         (d->>'value')::bigint AS value_pence,
         (d->>'due_on')::date AS due_on,
         (d->>'clause') AS clause
  FROM last g
  LEFT JOIN raw.contract ref_contract ON (ref_contract.source, ref_contract.external_id) = (g.contract_source, g.contract_ref)
), written AS (
  INSERT INTO raw.commitment AS t (source, external_id, run_id, updated_at, contract_id, measure, quantity_milli, unit, value_pence, due_on, clause)
  SELECT own_source, external_id, @run::uuid, now(), contract_id, measure, quantity_milli, unit, value_pence, due_on, clause FROM given
  ON CONFLICT (source, external_id) DO UPDATE SET run_id = EXCLUDED.run_id, updated_at = EXCLUDED.updated_at,
    contract_id = EXCLUDED.contract_id, measure = EXCLUDED.measure, quantity_milli = EXCLUDED.quantity_milli, unit = EXCLUDED.unit, value_pence = EXCLUDED.value_pence, due_on = EXCLUDED.due_on, clause = EXCLUDED.clause
  WHERE ROW(t.contract_id, t.measure, t.quantity_milli, t.unit, t.value_pence, t.due_on, t.clause)
    IS DISTINCT FROM ROW(EXCLUDED.contract_id, EXCLUDED.measure, EXCLUDED.quantity_milli, EXCLUDED.unit, EXCLUDED.value_pence, EXCLUDED.due_on, EXCLUDED.clause)
  RETURNING t.id, t.xmax = 0 AS added, t.source, t.external_id
), note AS (
  INSERT INTO changed (kind, id, added, source, external_id) SELECT 'commitment', id, added, source, external_id FROM written
)
SELECT (SELECT count(*) FROM last), count(*) FILTER (WHERE added), count(*) FILTER (WHERE NOT added) FROM written
