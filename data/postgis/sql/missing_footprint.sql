-- References of staged footprints that lead nowhere. Made by 'make generate'.
-- @source.
-- Index: (source, external_id) of what is referred to.
WITH given AS MATERIALIZED (
  SELECT s.n, s.line, raw.ref_source(s.doc->>'buyer') AS buyer_source, raw.ref_id(s.doc->>'buyer') AS buyer_ref
  FROM staged s WHERE s.kind = 'footprint'
)
SELECT g.n, g.line, 'buyer' AS field, g.buyer_source || '//' || g.buyer_ref AS value
FROM given g
WHERE g.buyer_source IS NOT NULL AND NOT EXISTS (
  SELECT FROM raw.organisation r WHERE (r.source, r.external_id) = (g.buyer_source, g.buyer_ref))
