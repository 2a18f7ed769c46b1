-- Writes the staged audits that differ from what is stored. Made by 'make
-- generate' from the kind's fields; the last row of the file that names a
-- record counts.
-- @source, @run.
-- Index: audit (source, external_id).
WITH last AS MATERIALIZED (
  SELECT DISTINCT ON (s.own_source, s.external_id) s.own_source, s.external_id, s.doc AS d, raw.ref_source(s.doc->>'contract') AS contract_source, raw.ref_id(s.doc->>'contract') AS contract_ref
  FROM staged s
  WHERE s.kind = 'audit' AND s.reason IS NULL
  ORDER BY s.own_source, s.external_id, s.n DESC
), given AS (
  SELECT g.own_source, g.external_id,
         ref_contract.id AS contract_id,
         (d->>'opened_on')::date AS opened_on,
         (d->>'decided_on')::date AS decided_on,
         (d->>'result') AS result,
         (d->>'note') AS note
  FROM last g
  LEFT JOIN raw.contract ref_contract ON (ref_contract.source, ref_contract.external_id) = (g.contract_source, g.contract_ref)
), written AS (
  INSERT INTO raw.audit AS t (source, external_id, run_id, updated_at, contract_id, opened_on, decided_on, result, note)
  SELECT own_source, external_id, @run::uuid, now(), contract_id, opened_on, decided_on, result, note FROM given
  ON CONFLICT (source, external_id) DO UPDATE SET run_id = EXCLUDED.run_id, updated_at = EXCLUDED.updated_at,
    contract_id = EXCLUDED.contract_id, opened_on = EXCLUDED.opened_on, decided_on = EXCLUDED.decided_on, result = EXCLUDED.result, note = EXCLUDED.note
  WHERE ROW(t.contract_id, t.opened_on, t.decided_on, t.result, t.note)
    IS DISTINCT FROM ROW(EXCLUDED.contract_id, EXCLUDED.opened_on, EXCLUDED.decided_on, EXCLUDED.result, EXCLUDED.note)
  RETURNING t.id, t.xmax = 0 AS added, t.source, t.external_id
), note AS (
  INSERT INTO changed (kind, id, added, source, external_id) SELECT 'audit', id, added, source, external_id FROM written
)
SELECT (SELECT count(*) FROM last), count(*) FILTER (WHERE added), count(*) FILTER (WHERE NOT added) FROM written
