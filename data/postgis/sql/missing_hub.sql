-- References of staged hubs that lead nowhere. Made by 'make generate'.
-- @source.
SELECT s.n, s.line, 'host' AS field, d->>'host' AS value
FROM staged s CROSS JOIN LATERAL (SELECT s.doc AS d) x
WHERE s.kind = 'hub' AND d ? 'host' AND NOT EXISTS (
  SELECT FROM raw.organisation r WHERE (r.source, r.external_id) = (raw.ref_source(d->>'host'), raw.ref_id(d->>'host')))
