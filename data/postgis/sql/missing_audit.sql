-- References of staged audits that lead nowhere. Made by 'make generate'.
-- @source.
SELECT s.n, s.line, 'contract' AS field, d->>'contract' AS value
FROM staged s CROSS JOIN LATERAL (SELECT s.doc AS d) x
WHERE s.kind = 'audit' AND d ? 'contract' AND NOT EXISTS (
  SELECT FROM raw.contract r WHERE (r.source, r.external_id) = (raw.ref_source(d->>'contract'), raw.ref_id(d->>'contract')))
