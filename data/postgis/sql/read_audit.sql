-- One of the audits as it is stored, by column. Made by 'make generate'.
-- @source, @id.
-- Index: audit (source, external_id).
SELECT jsonb_strip_nulls(jsonb_build_object(
         'id', r.external_id,
         'contract', ref_contract.source || '//' || ref_contract.external_id,
         'opened_on', r.opened_on,
         'decided_on', r.decided_on,
         'result', r.result,
         'note', r.note))
FROM raw.audit r
LEFT JOIN raw.contract ref_contract ON ref_contract.id = r.contract_id
WHERE r.source = @source AND r.external_id = @id
