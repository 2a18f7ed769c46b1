-- References of staged hubs that lead nowhere. Made by 'make generate'.
-- @source.
-- Index: (source, external_id) of what is referred to.
WITH given AS MATERIALIZED (
  SELECT s.n, s.line, raw.ref_source(s.doc->>'host') AS host_source, raw.ref_id(s.doc->>'host') AS host_ref
  FROM staged s WHERE s.kind = 'hub'
)
SELECT g.n, g.line, 'host' AS field, g.host_source || '//' || g.host_ref AS value
FROM given g
WHERE g.host_source IS NOT NULL AND NOT EXISTS (
  SELECT FROM raw.organisation r WHERE (r.source, r.external_id) = (g.host_source, g.host_ref))
