-- Refuses a second active hub in a region, and a region that there is not.
UPDATE staged s SET field = 'region', value = s.doc->>'region', reason = p.reason
FROM staged h
CROSS JOIN LATERAL (
  SELECT format('%s is no region: give a GSS code such as E12000006', h.doc->>'region') AS reason
  WHERE NOT EXISTS (SELECT FROM pub.region r WHERE r.code = h.doc->>'region')
  UNION ALL
  SELECT 'the region has an active hub already: end that one first'
  WHERE NOT h.doc ? 'ended_on' AND (
    EXISTS (SELECT FROM raw.hub o WHERE o.region = h.doc->>'region' AND o.ended_on IS NULL AND (o.source, o.external_id) <> (h.own_source, h.external_id)
            AND NOT EXISTS (SELECT FROM staged e WHERE e.kind = 'hub' AND e.reason IS NULL AND (e.own_source, e.external_id) = (o.source, o.external_id) AND e.doc ? 'ended_on'))
    OR EXISTS (SELECT FROM staged o WHERE o.kind = 'hub' AND o.n < h.n AND o.doc->>'region' = h.doc->>'region' AND NOT o.doc ? 'ended_on'
               AND (o.own_source, o.external_id) <> (h.own_source, h.external_id)))
  LIMIT 1
) p
WHERE h.kind = 'hub' AND h.reason IS NULL AND s.n = h.n
