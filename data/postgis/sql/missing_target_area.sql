-- References of staged target_areas that lead nowhere. Made by 'make generate'.
-- @source.
SELECT s.n, s.line, 'set' AS field, d->>'set' AS value
FROM staged s CROSS JOIN LATERAL (SELECT s.doc AS d) x
WHERE s.kind = 'target_area' AND d ? 'set' AND NOT EXISTS (
  SELECT FROM raw.target_area_set r WHERE (r.source, r.external_id) = (raw.ref_source(d->>'set'), raw.ref_id(d->>'set')))
