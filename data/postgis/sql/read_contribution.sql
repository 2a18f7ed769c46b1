-- One of the contributions as it is stored, by column. Made by 'make generate'.
-- @source, @id.
-- Index: contribution (source, external_id).
SELECT jsonb_strip_nulls(jsonb_build_object(
         'id', r.external_id,
         'title', r.title,
         'supplier', ref_supplier.source || '//' || ref_supplier.external_id,
         'order', ref_order.source || '//' || ref_order.external_id,
         'contract', ref_contract.source || '//' || ref_contract.external_id,
         'commitment', ref_commitment.source || '//' || ref_commitment.external_id,
         'activity', ref_activity.source || '//' || ref_activity.external_id,
         'provider', ref_provider.source || '//' || ref_provider.external_id,
         'site', ref_site.source || '//' || ref_site.external_id,
         'measure', r.measure,
         'type', r.type,
         'quantity', r.quantity_milli,
         'unit', r.unit,
         'value', r.value_pence,
         'delivered_from', r.delivered_from,
         'delivered_to', r.delivered_to,
         'state', r.state,
         'additionality', r.additionality,
         'beneficiaries', r.beneficiaries,
         'residence_area', r.residence_area,
         'share', r.share,
         'joint', r.joint,
         'class', r.class,
         'places', r.places,
         'area_code', r.area_code,
         'territory', r.territory,
         'latitude', r.latitude,
         'longitude', r.longitude,
         'postcode', r.postcode))
FROM raw.contribution r
LEFT JOIN raw.organisation ref_supplier ON ref_supplier.id = r.supplier_id
LEFT JOIN raw.purchase_order ref_order ON ref_order.id = r.order_id
LEFT JOIN raw.contract ref_contract ON ref_contract.id = r.contract_id
LEFT JOIN raw.commitment ref_commitment ON ref_commitment.id = r.commitment_id
LEFT JOIN raw.activity ref_activity ON ref_activity.id = r.activity_id
LEFT JOIN raw.organisation ref_provider ON ref_provider.id = r.provider_id
LEFT JOIN raw.site ref_site ON ref_site.id = r.site_id
WHERE r.source = @source AND r.external_id = @id
