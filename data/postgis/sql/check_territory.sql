-- Refuses territories of a region that there is none of, that take another's
-- code, or that follow one that is not known.
UPDATE staged s SET field = p.field, value = p.value, reason = p.reason
FROM staged c
CROSS JOIN LATERAL (
  SELECT 'region' AS field, c.doc->>'region' AS value, format('%s is no region: give its GSS code such as E12000006', c.doc->>'region') AS reason
  WHERE NOT EXISTS (SELECT FROM pub.region r WHERE r.code = c.doc->>'region')
  UNION ALL
  SELECT 'code', c.doc->>'code', format('%s is the code of %s: a new territory has a new code', t.code, t.name) FROM pub.territory t WHERE t.code = c.doc->>'code' AND t.id <> c.external_id
  UNION ALL
  SELECT 'predecessors', x, format('%s is no territory: give the id of one that is on record', x)
  FROM jsonb_array_elements_text(COALESCE(c.doc->'predecessors', '[]')) x
  WHERE NOT EXISTS (SELECT FROM pub.territory t WHERE t.id = x) AND NOT EXISTS (SELECT FROM staged o WHERE o.kind = 'territory' AND o.external_id = x)
  LIMIT 1
) p
WHERE c.kind = 'territory' AND c.reason IS NULL AND s.n = c.n
