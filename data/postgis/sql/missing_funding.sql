-- References of staged funding that lead nowhere. Made by 'make generate'.
-- @source.
SELECT s.n, s.line, 'activity' AS field, d->>'activity' AS value
FROM staged s CROSS JOIN LATERAL (SELECT s.doc AS d) x
WHERE s.kind = 'funding' AND d ? 'activity' AND NOT EXISTS (
  SELECT FROM raw.activity r WHERE (r.source, r.external_id) = (raw.ref_source(d->>'activity'), raw.ref_id(d->>'activity')))
