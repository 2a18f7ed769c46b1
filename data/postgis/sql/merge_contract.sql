-- Writes the staged contracts that differ from what is stored. Made by 'make
-- generate' from the kind's fields; the last row of the file that names a
-- record counts.
-- @source, @run.
-- Index: contract (source, external_id).
WITH last AS MATERIALIZED (
  SELECT DISTINCT ON (s.own_source, s.external_id) s.own_source, s.external_id, s.doc AS d, raw.ref_source(s.doc->>'buyer') AS buyer_source, raw.ref_id(s.doc->>'buyer') AS buyer_ref, raw.ref_source(s.doc->>'supplier') AS supplier_source, raw.ref_id(s.doc->>'supplier') AS supplier_ref
  FROM staged s
  WHERE s.kind = 'contract' AND s.reason IS NULL
  ORDER BY s.own_source, s.external_id, s.n DESC
), given AS (
  SELECT g.own_source, g.external_id,
         (d->>'ocid') AS ocid,
         (d->>'kind') AS kind,
         ref_buyer.id AS buyer_id,
         ref_supplier.id AS supplier_id,
         (d->>'title') AS title,
         (d->>'cpv') AS cpv,
         (d->>'value')::bigint AS value_pence,
         (d->>'signed_on')::date AS signed_on,
         (d->>'starts_on')::date AS starts_on,
         (d->>'ends_on')::date AS ends_on,
         (d->>'closed_on')::date AS closed_on,
         (d->>'sv_clause')::boolean AS sv_clause,
         ARRAY(SELECT jsonb_array_elements_text(COALESCE(d->'areas', '[]'))) AS areas,
         (d->>'class') AS class
  FROM last g
  LEFT JOIN raw.organisation ref_buyer ON (ref_buyer.source, ref_buyer.external_id) = (g.buyer_source, g.buyer_ref)
  LEFT JOIN raw.organisation ref_supplier ON (ref_supplier.source, ref_supplier.external_id) = (g.supplier_source, g.supplier_ref)
), written AS (
  INSERT INTO raw.contract AS t (source, external_id, run_id, updated_at, ocid, kind, buyer_id, supplier_id, title, cpv, value_pence, signed_on, starts_on, ends_on, closed_on, sv_clause, areas, class)
  SELECT own_source, external_id, @run::uuid, now(), ocid, kind, buyer_id, supplier_id, title, cpv, value_pence, signed_on, starts_on, ends_on, closed_on, sv_clause, areas, class FROM given
  ON CONFLICT (source, external_id) DO UPDATE SET run_id = EXCLUDED.run_id, updated_at = EXCLUDED.updated_at,
    ocid = EXCLUDED.ocid, kind = EXCLUDED.kind, buyer_id = EXCLUDED.buyer_id, supplier_id = EXCLUDED.supplier_id, title = EXCLUDED.title, cpv = EXCLUDED.cpv, value_pence = EXCLUDED.value_pence, signed_on = EXCLUDED.signed_on, starts_on = EXCLUDED.starts_on, ends_on = EXCLUDED.ends_on, closed_on = EXCLUDED.closed_on, sv_clause = EXCLUDED.sv_clause, areas = EXCLUDED.areas, class = EXCLUDED.class
  WHERE ROW(t.ocid, t.kind, t.buyer_id, t.supplier_id, t.title, t.cpv, t.value_pence, t.signed_on, t.starts_on, t.ends_on, t.closed_on, t.sv_clause, t.areas, t.class)
    IS DISTINCT FROM ROW(EXCLUDED.ocid, EXCLUDED.kind, EXCLUDED.buyer_id, EXCLUDED.supplier_id, EXCLUDED.title, EXCLUDED.cpv, EXCLUDED.value_pence, EXCLUDED.signed_on, EXCLUDED.starts_on, EXCLUDED.ends_on, EXCLUDED.closed_on, EXCLUDED.sv_clause, EXCLUDED.areas, EXCLUDED.class)
  RETURNING t.id, t.xmax = 0 AS added, t.source, t.external_id
), note AS (
  INSERT INTO changed (kind, id, added, source, external_id) SELECT 'contract', id, added, source, external_id FROM written
)
SELECT (SELECT count(*) FROM last), count(*) FILTER (WHERE added), count(*) FILTER (WHERE NOT added) FROM written
