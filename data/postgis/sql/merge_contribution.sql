-- Writes the staged contributions that differ from what is stored. Made by 'make
-- generate' from the kind's fields; the last row of the file that names a
-- record counts.
-- @source, @run.
-- Index: contribution (source, external_id).
WITH last AS MATERIALIZED (
  SELECT DISTINCT ON (s.own_source, s.external_id) s.own_source, s.external_id, s.doc AS d, raw.ref_source(s.doc->>'supplier') AS supplier_source, raw.ref_id(s.doc->>'supplier') AS supplier_ref, raw.ref_source(s.doc->>'order') AS order_source, raw.ref_id(s.doc->>'order') AS order_ref, raw.ref_source(s.doc->>'contract') AS contract_source, raw.ref_id(s.doc->>'contract') AS contract_ref, raw.ref_source(s.doc->>'commitment') AS commitment_source, raw.ref_id(s.doc->>'commitment') AS commitment_ref, raw.ref_source(s.doc->>'activity') AS activity_source, raw.ref_id(s.doc->>'activity') AS activity_ref, raw.ref_source(s.doc->>'provider') AS provider_source, raw.ref_id(s.doc->>'provider') AS provider_ref, raw.ref_source(s.doc->>'site') AS site_source, raw.ref_id(s.doc->>'site') AS site_ref
  FROM staged s
  WHERE s.kind = 'contribution' AND s.reason IS NULL
  ORDER BY s.own_source, s.external_id, s.n DESC
), given AS (
  SELECT g.own_source, g.external_id,
         (d->>'title') AS title,
         ref_supplier.id AS supplier_id,
         ref_order.id AS order_id,
         ref_contract.id AS contract_id,
         ref_commitment.id AS commitment_id,
         ref_activity.id AS activity_id,
         ref_provider.id AS provider_id,
         ref_site.id AS site_id,
         (d->>'measure') AS measure,
         (d->>'type') AS type,
         (d->>'quantity')::bigint AS quantity_milli,
         (d->>'unit') AS unit,
         (d->>'value')::bigint AS value_pence,
         (d->>'delivered_from')::date AS delivered_from,
         (d->>'delivered_to')::date AS delivered_to,
         (d->>'state') AS state,
         (d->>'additionality') AS additionality,
         ARRAY(SELECT jsonb_array_elements_text(COALESCE(d->'beneficiaries', '[]'))) AS beneficiaries,
         (d->>'residence_area') AS residence_area,
         (d->>'share') AS share,
         (d->>'joint') AS joint,
         (d->>'class') AS class,
         ARRAY(SELECT jsonb_array_elements_text(COALESCE(d->'places', '[]'))) AS places,
         (d->>'area_code') AS area_code,
         (d->>'territory') AS territory,
         (d->>'latitude')::double precision AS latitude,
         (d->>'longitude')::double precision AS longitude,
         (d->>'postcode') AS postcode
  FROM last g
  LEFT JOIN raw.organisation ref_supplier ON (ref_supplier.source, ref_supplier.external_id) = (g.supplier_source, g.supplier_ref)
  LEFT JOIN raw.purchase_order ref_order ON (ref_order.source, ref_order.external_id) = (g.order_source, g.order_ref)
  LEFT JOIN raw.contract ref_contract ON (ref_contract.source, ref_contract.external_id) = (g.contract_source, g.contract_ref)
  LEFT JOIN raw.commitment ref_commitment ON (ref_commitment.source, ref_commitment.external_id) = (g.commitment_source, g.commitment_ref)
  LEFT JOIN raw.activity ref_activity ON (ref_activity.source, ref_activity.external_id) = (g.activity_source, g.activity_ref)
  LEFT JOIN raw.organisation ref_provider ON (ref_provider.source, ref_provider.external_id) = (g.provider_source, g.provider_ref)
  LEFT JOIN raw.site ref_site ON (ref_site.source, ref_site.external_id) = (g.site_source, g.site_ref)
), written AS (
  INSERT INTO raw.contribution AS t (source, external_id, run_id, updated_at, title, supplier_id, order_id, contract_id, commitment_id, activity_id, provider_id, site_id, measure, type, quantity_milli, unit, value_pence, delivered_from, delivered_to, state, additionality, beneficiaries, residence_area, share, joint, class, places, area_code, territory, latitude, longitude, postcode)
  SELECT own_source, external_id, @run::uuid, now(), title, supplier_id, order_id, contract_id, commitment_id, activity_id, provider_id, site_id, measure, type, quantity_milli, unit, value_pence, delivered_from, delivered_to, state, additionality, beneficiaries, residence_area, share, joint, class, places, area_code, territory, latitude, longitude, postcode FROM given
  ON CONFLICT (source, external_id) DO UPDATE SET run_id = EXCLUDED.run_id, updated_at = EXCLUDED.updated_at,
    title = EXCLUDED.title, supplier_id = EXCLUDED.supplier_id, order_id = EXCLUDED.order_id, contract_id = EXCLUDED.contract_id, commitment_id = EXCLUDED.commitment_id, activity_id = EXCLUDED.activity_id, provider_id = EXCLUDED.provider_id, site_id = EXCLUDED.site_id, measure = EXCLUDED.measure, type = EXCLUDED.type, quantity_milli = EXCLUDED.quantity_milli, unit = EXCLUDED.unit, value_pence = EXCLUDED.value_pence, delivered_from = EXCLUDED.delivered_from, delivered_to = EXCLUDED.delivered_to, state = EXCLUDED.state, additionality = EXCLUDED.additionality, beneficiaries = EXCLUDED.beneficiaries, residence_area = EXCLUDED.residence_area, share = EXCLUDED.share, joint = EXCLUDED.joint, class = EXCLUDED.class, places = EXCLUDED.places, area_code = EXCLUDED.area_code, territory = EXCLUDED.territory, latitude = EXCLUDED.latitude, longitude = EXCLUDED.longitude, postcode = EXCLUDED.postcode
  WHERE ROW(t.title, t.supplier_id, t.order_id, t.contract_id, t.commitment_id, t.activity_id, t.provider_id, t.site_id, t.measure, t.type, t.quantity_milli, t.unit, t.value_pence, t.delivered_from, t.delivered_to, t.state, t.additionality, t.beneficiaries, t.residence_area, t.share, t.joint, t.class, t.places, t.area_code, t.territory, t.latitude, t.longitude, t.postcode)
    IS DISTINCT FROM ROW(EXCLUDED.title, EXCLUDED.supplier_id, EXCLUDED.order_id, EXCLUDED.contract_id, EXCLUDED.commitment_id, EXCLUDED.activity_id, EXCLUDED.provider_id, EXCLUDED.site_id, EXCLUDED.measure, EXCLUDED.type, EXCLUDED.quantity_milli, EXCLUDED.unit, EXCLUDED.value_pence, EXCLUDED.delivered_from, EXCLUDED.delivered_to, EXCLUDED.state, EXCLUDED.additionality, EXCLUDED.beneficiaries, EXCLUDED.residence_area, EXCLUDED.share, EXCLUDED.joint, EXCLUDED.class, EXCLUDED.places, EXCLUDED.area_code, EXCLUDED.territory, EXCLUDED.latitude, EXCLUDED.longitude, EXCLUDED.postcode)
  RETURNING t.id, t.xmax = 0 AS added, t.source, t.external_id
), note AS (
  INSERT INTO changed (kind, id, added, source, external_id) SELECT 'contribution', id, added, source, external_id FROM written
)
SELECT (SELECT count(*) FROM last), count(*) FILTER (WHERE added), count(*) FILTER (WHERE NOT added) FROM written
