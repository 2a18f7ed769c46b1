-- Refuses to close a contract that has not been audited.
WITH audited AS MATERIALIZED (
  SELECT raw.ref_source(a.doc->>'contract') AS source, raw.ref_id(a.doc->>'contract') AS external_id FROM staged a WHERE a.kind = 'audit' AND a.reason IS NULL
)
UPDATE staged s SET field = 'closed_on', value = s.doc->>'closed_on',
  reason = 'a contract cannot close without its audit: give the audit in the same file or before'
WHERE s.kind = 'contract' AND s.reason IS NULL AND s.doc ? 'closed_on'
  AND NOT EXISTS (SELECT FROM raw.contract c JOIN raw.audit a ON a.contract_id = c.id WHERE (c.source, c.external_id) = (s.own_source, s.external_id))
  AND NOT EXISTS (SELECT FROM audited a WHERE (a.source, a.external_id) = (s.own_source, s.external_id))
