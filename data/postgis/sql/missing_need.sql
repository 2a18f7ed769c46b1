-- References of staged needs that lead nowhere. Made by 'make generate'.
-- @source.
-- Index: (source, external_id) of what is referred to.
WITH given AS MATERIALIZED (
  SELECT s.n, s.line, raw.ref_source(s.doc->>'activity') AS activity_source, raw.ref_id(s.doc->>'activity') AS activity_ref
  FROM staged s WHERE s.kind = 'need'
)
SELECT g.n, g.line, 'activity' AS field, g.activity_source || '//' || g.activity_ref AS value
FROM given g
WHERE g.activity_source IS NOT NULL AND NOT EXISTS (
  SELECT FROM raw.activity r WHERE (r.source, r.external_id) = (g.activity_source, g.activity_ref))
