-- References of staged evidence that lead nowhere. Made by 'make generate'.
-- @source.
-- Index: (source, external_id) of what is referred to.
WITH given AS MATERIALIZED (
  SELECT s.n, s.line, raw.ref_source(s.doc->>'contribution') AS contribution_source, raw.ref_id(s.doc->>'contribution') AS contribution_ref, raw.ref_source(s.doc->>'confirmed_by') AS confirmed_by_source, raw.ref_id(s.doc->>'confirmed_by') AS confirmed_by_ref
  FROM staged s WHERE s.kind = 'evidence'
)
SELECT g.n, g.line, 'contribution' AS field, g.contribution_source || '//' || g.contribution_ref AS value
FROM given g
WHERE g.contribution_source IS NOT NULL AND NOT EXISTS (
  SELECT FROM raw.contribution r WHERE (r.source, r.external_id) = (g.contribution_source, g.contribution_ref))
UNION ALL
SELECT g.n, g.line, 'confirmed_by' AS field, g.confirmed_by_source || '//' || g.confirmed_by_ref AS value
FROM given g
WHERE g.confirmed_by_source IS NOT NULL AND NOT EXISTS (
  SELECT FROM raw.organisation r WHERE (r.source, r.external_id) = (g.confirmed_by_source, g.confirmed_by_ref))
