-- Writes the staged transactions that differ from what is stored. Made by 'make
-- generate' from the kind's fields; the last row of the file that names a
-- record counts.
-- @source, @run.
-- Index: transaction (source, external_id).
WITH last AS MATERIALIZED (
  SELECT DISTINCT ON (s.own_source, s.external_id) s.own_source, s.external_id, s.doc AS d, raw.ref_source(s.doc->>'buyer') AS buyer_source, raw.ref_id(s.doc->>'buyer') AS buyer_ref, raw.ref_source(s.doc->>'supplier') AS supplier_source, raw.ref_id(s.doc->>'supplier') AS supplier_ref, raw.ref_source(s.doc->>'contract') AS contract_source, raw.ref_id(s.doc->>'contract') AS contract_ref
  FROM staged s
  WHERE s.kind = 'transaction' AND s.reason IS NULL
  ORDER BY s.own_source, s.external_id, s.n DESC
), given AS (
  SELECT g.own_source, g.external_id,
         ref_buyer.id AS buyer_id,
         ref_supplier.id AS supplier_id,
         (d->>'date')::date AS date,
         (d->>'amount')::bigint AS amount_pence,
         ref_contract.id AS contract_id
  FROM last g
  LEFT JOIN raw.organisation ref_buyer ON (ref_buyer.source, ref_buyer.external_id) = (g.buyer_source, g.buyer_ref)
  LEFT JOIN raw.organisation ref_supplier ON (ref_supplier.source, ref_supplier.external_id) = (g.supplier_source, g.supplier_ref)
  LEFT JOIN raw.contract ref_contract ON (ref_contract.source, ref_contract.external_id) = (g.contract_source, g.contract_ref)
), written AS (
  INSERT INTO raw.transaction AS t (source, external_id, run_id, updated_at, buyer_id, supplier_id, date, amount_pence, contract_id)
  SELECT own_source, external_id, @run::uuid, now(), buyer_id, supplier_id, date, amount_pence, contract_id FROM given
  ON CONFLICT (source, external_id) DO UPDATE SET run_id = EXCLUDED.run_id, updated_at = EXCLUDED.updated_at,
    buyer_id = EXCLUDED.buyer_id, supplier_id = EXCLUDED.supplier_id, date = EXCLUDED.date, amount_pence = EXCLUDED.amount_pence, contract_id = EXCLUDED.contract_id
  WHERE ROW(t.buyer_id, t.supplier_id, t.date, t.amount_pence, t.contract_id)
    IS DISTINCT FROM ROW(EXCLUDED.buyer_id, EXCLUDED.supplier_id, EXCLUDED.date, EXCLUDED.amount_pence, EXCLUDED.contract_id)
  RETURNING t.id, t.xmax = 0 AS added, t.source, t.external_id
), note AS (
  INSERT INTO changed (kind, id, added, source, external_id) SELECT 'transaction', id, added, source, external_id FROM written
)
SELECT (SELECT count(*) FROM last), count(*) FILTER (WHERE added), count(*) FILTER (WHERE NOT added) FROM written
