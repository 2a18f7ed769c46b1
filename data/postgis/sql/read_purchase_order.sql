-- One of the purchase_orders as it is stored, by column. Made by 'make generate'.
-- @source, @id.
-- Index: purchase_order (source, external_id).
SELECT jsonb_strip_nulls(jsonb_build_object(
         'id', r.external_id,
         'commitment', ref_commitment.source || '//' || ref_commitment.external_id,
         'activity', ref_activity.source || '//' || ref_activity.external_id,
         'need', ref_need.source || '//' || ref_need.external_id,
         'supplier', ref_supplier.source || '//' || ref_supplier.external_id,
         'site', ref_site.source || '//' || ref_site.external_id,
         'type', r.type,
         'quantity', r.quantity_milli,
         'unit', r.unit,
         'value', r.value_pence,
         'issued_on', r.issued_on))
FROM raw.purchase_order r
LEFT JOIN raw.commitment ref_commitment ON ref_commitment.id = r.commitment_id
LEFT JOIN raw.activity ref_activity ON ref_activity.id = r.activity_id
LEFT JOIN raw.need ref_need ON ref_need.id = r.need_id
LEFT JOIN raw.organisation ref_supplier ON ref_supplier.id = r.supplier_id
LEFT JOIN raw.site ref_site ON ref_site.id = r.site_id
WHERE r.source = @source AND r.external_id = @id
