-- One of the contracts as it is stored, by column. Made by 'make generate'.
-- @source, @id.
-- Index: contract (source, external_id).
SELECT jsonb_strip_nulls(jsonb_build_object(
         'id', r.external_id,
         'ocid', r.ocid,
         'kind', r.kind,
         'buyer', ref_buyer.source || '//' || ref_buyer.external_id,
         'supplier', ref_supplier.source || '//' || ref_supplier.external_id,
         'title', r.title,
         'cpv', r.cpv,
         'value', r.value_pence,
         'signed_on', r.signed_on,
         'starts_on', r.starts_on,
         'ends_on', r.ends_on,
         'closed_on', r.closed_on,
         'sv_clause', r.sv_clause,
         'areas', r.areas,
         'class', r.class))
FROM raw.contract r
LEFT JOIN raw.organisation ref_buyer ON ref_buyer.id = r.buyer_id
LEFT JOIN raw.organisation ref_supplier ON ref_supplier.id = r.supplier_id
WHERE r.source = @source AND r.external_id = @id
