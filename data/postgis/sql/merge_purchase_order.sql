-- Writes the staged purchase_orders that differ from what is stored. Made by 'make
-- generate' from the kind's fields; the last row of the file that names a
-- record counts.
-- @source, @run.
-- Index: purchase_order (source, external_id).
WITH last AS MATERIALIZED (
  SELECT DISTINCT ON (s.own_source, s.external_id) s.own_source, s.external_id, s.doc AS d, raw.ref_source(s.doc->>'commitment') AS commitment_source, raw.ref_id(s.doc->>'commitment') AS commitment_ref, raw.ref_source(s.doc->>'activity') AS activity_source, raw.ref_id(s.doc->>'activity') AS activity_ref, raw.ref_source(s.doc->>'need') AS need_source, raw.ref_id(s.doc->>'need') AS need_ref, raw.ref_source(s.doc->>'supplier') AS supplier_source, raw.ref_id(s.doc->>'supplier') AS supplier_ref, raw.ref_source(s.doc->>'site') AS site_source, raw.ref_id(s.doc->>'site') AS site_ref
  FROM staged s
  WHERE s.kind = 'purchase_order' AND s.reason IS NULL
  ORDER BY s.own_source, s.external_id, s.n DESC
), given AS (
  SELECT g.own_source, g.external_id,
         ref_commitment.id AS commitment_id,
         ref_activity.id AS activity_id,
         ref_need.id AS need_id,
         ref_supplier.id AS supplier_id,
         ref_site.id AS site_id,
         (d->>'type') AS type,
         (d->>'quantity')::bigint AS quantity_milli,
         (d->>'unit') AS unit,
         (d->>'value')::bigint AS value_pence,
         (d->>'issued_on')::date AS issued_on
  FROM last g
  LEFT JOIN raw.commitment ref_commitment ON (ref_commitment.source, ref_commitment.external_id) = (g.commitment_source, g.commitment_ref)
  LEFT JOIN raw.activity ref_activity ON (ref_activity.source, ref_activity.external_id) = (g.activity_source, g.activity_ref)
  LEFT JOIN raw.need ref_need ON (ref_need.source, ref_need.external_id) = (g.need_source, g.need_ref)
  LEFT JOIN raw.organisation ref_supplier ON (ref_supplier.source, ref_supplier.external_id) = (g.supplier_source, g.supplier_ref)
  LEFT JOIN raw.site ref_site ON (ref_site.source, ref_site.external_id) = (g.site_source, g.site_ref)
), written AS (
  INSERT INTO raw.purchase_order AS t (source, external_id, run_id, updated_at, commitment_id, activity_id, need_id, supplier_id, site_id, type, quantity_milli, unit, value_pence, issued_on)
  SELECT own_source, external_id, @run::uuid, now(), commitment_id, activity_id, need_id, supplier_id, site_id, type, quantity_milli, unit, value_pence, issued_on FROM given
  ON CONFLICT (source, external_id) DO UPDATE SET run_id = EXCLUDED.run_id, updated_at = EXCLUDED.updated_at,
    commitment_id = EXCLUDED.commitment_id, activity_id = EXCLUDED.activity_id, need_id = EXCLUDED.need_id, supplier_id = EXCLUDED.supplier_id, site_id = EXCLUDED.site_id, type = EXCLUDED.type, quantity_milli = EXCLUDED.quantity_milli, unit = EXCLUDED.unit, value_pence = EXCLUDED.value_pence, issued_on = EXCLUDED.issued_on
  WHERE ROW(t.commitment_id, t.activity_id, t.need_id, t.supplier_id, t.site_id, t.type, t.quantity_milli, t.unit, t.value_pence, t.issued_on)
    IS DISTINCT FROM ROW(EXCLUDED.commitment_id, EXCLUDED.activity_id, EXCLUDED.need_id, EXCLUDED.supplier_id, EXCLUDED.site_id, EXCLUDED.type, EXCLUDED.quantity_milli, EXCLUDED.unit, EXCLUDED.value_pence, EXCLUDED.issued_on)
  RETURNING t.id, t.xmax = 0 AS added, t.source, t.external_id
), note AS (
  INSERT INTO changed (kind, id, added, source, external_id) SELECT 'purchase_order', id, added, source, external_id FROM written
)
SELECT (SELECT count(*) FROM last), count(*) FILTER (WHERE added), count(*) FILTER (WHERE NOT added) FROM written
