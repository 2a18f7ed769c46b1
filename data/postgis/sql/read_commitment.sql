-- One of the commitments as it is stored, by column. Made by 'make generate'.
-- @source, @id.
-- Index: commitment (source, external_id).
SELECT jsonb_strip_nulls(jsonb_build_object(
         'id', r.external_id,
         'contract', ref_contract.source || '//' || ref_contract.external_id,
         'measure', r.measure,
         'quantity', r.quantity_milli,
         'unit', r.unit,
         'value', r.value_pence,
         'due_on', r.due_on,
         'clause', r.clause))
FROM raw.commitment r
LEFT JOIN raw.contract ref_contract ON ref_contract.id = r.contract_id
WHERE r.source = @source AND r.external_id = @id
