-- References of staged reviews that lead nowhere. Made by 'make generate'.
-- @source.
-- Index: (source, external_id) of what is referred to.
WITH given AS MATERIALIZED (
  SELECT s.n, s.line, raw.ref_source(s.doc->>'contribution') AS contribution_source, raw.ref_id(s.doc->>'contribution') AS contribution_ref, raw.ref_source(s.doc->>'other') AS other_source, raw.ref_id(s.doc->>'other') AS other_ref
  FROM staged s WHERE s.kind = 'review'
)
SELECT g.n, g.line, 'contribution' AS field, g.contribution_source || '//' || g.contribution_ref AS value
FROM given g
WHERE g.contribution_source IS NOT NULL AND NOT EXISTS (
  SELECT FROM raw.contribution r WHERE (r.source, r.external_id) = (g.contribution_source, g.contribution_ref))
UNION ALL
SELECT g.n, g.line, 'other' AS field, g.other_source || '//' || g.other_ref AS value
FROM given g
WHERE g.other_source IS NOT NULL AND NOT EXISTS (
  SELECT FROM raw.contribution r WHERE (r.source, r.external_id) = (g.other_source, g.other_ref))
