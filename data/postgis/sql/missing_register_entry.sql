-- References of staged register_entries that lead nowhere. Made by 'make generate'.
-- @source.
SELECT s.n, s.line, 'organisation' AS field, d->>'organisation' AS value
FROM staged s CROSS JOIN LATERAL (SELECT s.doc AS d) x
WHERE s.kind = 'register_entry' AND d ? 'organisation' AND NOT EXISTS (
  SELECT FROM raw.organisation r WHERE (r.source, r.external_id) = (raw.ref_source(d->>'organisation'), raw.ref_id(d->>'organisation')))
