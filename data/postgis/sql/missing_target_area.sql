-- References of staged target_areas that lead nowhere. Made by 'make generate'.
-- @source.
-- Index: (source, external_id) of what is referred to.
WITH given AS MATERIALIZED (
  SELECT s.n, s.line, raw.ref_source(s.doc->>'set') AS set_source, raw.ref_id(s.doc->>'set') AS set_ref
  FROM staged s WHERE s.kind = 'target_area'
)
SELECT g.n, g.line, 'set' AS field, g.set_source || '//' || g.set_ref AS value
FROM given g
WHERE g.set_source IS NOT NULL AND NOT EXISTS (
  SELECT FROM raw.target_area_set r WHERE (r.source, r.external_id) = (g.set_source, g.set_ref))
