-- One of the progress_updates as it is stored, by column. Made by 'make generate'.
-- @source, @id.
-- Index: progress_update (source, external_id).
SELECT jsonb_strip_nulls(jsonb_build_object(
         'id', r.external_id,
         'contract', ref_contract.source || '//' || ref_contract.external_id,
         'period_start', r.period_start,
         'period_end', r.period_end,
         'due_on', r.due_on,
         'submitted_on', r.submitted_on,
         'summary', r.summary))
FROM raw.progress_update r
LEFT JOIN raw.contract ref_contract ON ref_contract.id = r.contract_id
WHERE r.source = @source AND r.external_id = @id
