-- One of the transactions as it is stored, by column. Made by 'make generate'.
-- @source, @id.
-- Index: transaction (source, external_id).
SELECT jsonb_strip_nulls(jsonb_build_object(
         'id', r.external_id,
         'buyer', ref_buyer.source || '//' || ref_buyer.external_id,
         'supplier', ref_supplier.source || '//' || ref_supplier.external_id,
         'date', r.date,
         'amount', r.amount_pence,
         'contract', ref_contract.source || '//' || ref_contract.external_id))
FROM raw.transaction r
LEFT JOIN raw.organisation ref_buyer ON ref_buyer.id = r.buyer_id
LEFT JOIN raw.organisation ref_supplier ON ref_supplier.id = r.supplier_id
LEFT JOIN raw.contract ref_contract ON ref_contract.id = r.contract_id
WHERE r.source = @source AND r.external_id = @id
