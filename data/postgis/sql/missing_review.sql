-- References of staged reviews that lead nowhere. Made by 'make generate'.
-- @source.
SELECT s.n, s.line, 'contribution' AS field, d->>'contribution' AS value
FROM staged s CROSS JOIN LATERAL (SELECT s.doc AS d) x
WHERE s.kind = 'review' AND d ? 'contribution' AND NOT EXISTS (
  SELECT FROM raw.contribution r WHERE (r.source, r.external_id) = (raw.ref_source(d->>'contribution'), raw.ref_id(d->>'contribution')))
UNION ALL
SELECT s.n, s.line, 'other' AS field, d->>'other' AS value
FROM staged s CROSS JOIN LATERAL (SELECT s.doc AS d) x
WHERE s.kind = 'review' AND d ? 'other' AND NOT EXISTS (
  SELECT FROM raw.contribution r WHERE (r.source, r.external_id) = (raw.ref_source(d->>'other'), raw.ref_id(d->>'other')))
