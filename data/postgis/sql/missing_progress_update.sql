-- References of staged progress_updates that lead nowhere. Made by 'make generate'.
-- @source.
-- Index: (source, external_id) of what is referred to.
WITH given AS MATERIALIZED (
  SELECT s.n, s.line, raw.ref_source(s.doc->>'contract') AS contract_source, raw.ref_id(s.doc->>'contract') AS contract_ref
  FROM staged s WHERE s.kind = 'progress_update'
)
SELECT g.n, g.line, 'contract' AS field, g.contract_source || '//' || g.contract_ref AS value
FROM given g
WHERE g.contract_source IS NOT NULL AND NOT EXISTS (
  SELECT FROM raw.contract r WHERE (r.source, r.external_id) = (g.contract_source, g.contract_ref))
