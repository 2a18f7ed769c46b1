-- References of staged observations that lead nowhere. Made by 'make generate'.
-- @source.
-- Index: (source, external_id) of what is referred to.
WITH given AS MATERIALIZED (
  SELECT s.n, s.line, raw.ref_source(s.doc->>'indicator') AS indicator_source, raw.ref_id(s.doc->>'indicator') AS indicator_ref, raw.ref_source(s.doc->>'hub') AS hub_source, raw.ref_id(s.doc->>'hub') AS hub_ref, raw.ref_source(s.doc->>'activity') AS activity_source, raw.ref_id(s.doc->>'activity') AS activity_ref
  FROM staged s WHERE s.kind = 'observation'
)
SELECT g.n, g.line, 'indicator' AS field, g.indicator_source || '//' || g.indicator_ref AS value
FROM given g
WHERE g.indicator_source IS NOT NULL AND NOT EXISTS (
  SELECT FROM raw.indicator r WHERE (r.source, r.external_id) = (g.indicator_source, g.indicator_ref))
UNION ALL
SELECT g.n, g.line, 'hub' AS field, g.hub_source || '//' || g.hub_ref AS value
FROM given g
WHERE g.hub_source IS NOT NULL AND NOT EXISTS (
  SELECT FROM raw.hub r WHERE (r.source, r.external_id) = (g.hub_source, g.hub_ref))
UNION ALL
SELECT g.n, g.line, 'activity' AS field, g.activity_source || '//' || g.activity_ref AS value
FROM given g
WHERE g.activity_source IS NOT NULL AND NOT EXISTS (
  SELECT FROM raw.activity r WHERE (r.source, r.external_id) = (g.activity_source, g.activity_ref))
