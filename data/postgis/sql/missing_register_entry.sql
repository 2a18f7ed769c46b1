-- References of staged register_entries that lead nowhere. Made by 'make generate'.
-- @source.
-- Index: (source, external_id) of what is referred to.
WITH given AS MATERIALIZED (
  SELECT s.n, s.line, raw.ref_source(s.doc->>'organisation') AS organisation_source, raw.ref_id(s.doc->>'organisation') AS organisation_ref
  FROM staged s WHERE s.kind = 'register_entry'
)
SELECT g.n, g.line, 'organisation' AS field, g.organisation_source || '//' || g.organisation_ref AS value
FROM given g
WHERE g.organisation_source IS NOT NULL AND NOT EXISTS (
  SELECT FROM raw.organisation r WHERE (r.source, r.external_id) = (g.organisation_source, g.organisation_ref))
