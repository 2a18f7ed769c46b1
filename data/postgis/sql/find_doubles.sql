-- Suspects double counting among the subjects and what is stored: the same
-- evidence under two contributions; the same measure and provider within 250
-- metres on overlapping dates under two contracts; shares of one joint
-- contribution of more than the whole. Rejected contributions are left out.
-- The pair stands with the smaller id first. Found once, a finding stays until
-- it is decided.
-- Index: evidence (sha256), contribution (joint).
WITH mine AS (
  SELECT c.* FROM subject s JOIN raw.contribution c ON c.id = s.contribution_id WHERE c.state <> 'rejected'
), pair AS (
  SELECT 'same_evidence' AS kind, LEAST(m.id, e2.contribution_id) AS a, GREATEST(m.id, e2.contribution_id) AS b
  FROM mine m
  JOIN raw.evidence e1 ON e1.contribution_id = m.id AND e1.sha256 IS NOT NULL
  JOIN raw.evidence e2 ON e2.sha256 = e1.sha256 AND e2.contribution_id <> m.id
  JOIN raw.contribution c2 ON c2.id = e2.contribution_id AND c2.state <> 'rejected'
  UNION
  SELECT 'same_place_and_time', LEAST(m.id, c.id), GREATEST(m.id, c.id)
  FROM mine m
  JOIN raw.contribution c ON c.measure = m.measure AND c.id <> m.id AND c.state <> 'rejected' AND c.contract_id <> m.contract_id
    AND COALESCE(c.activity_id::text, c.provider_id::text) = COALESCE(m.activity_id::text, m.provider_id::text)
    AND daterange(c.delivered_from, COALESCE(c.delivered_to, c.delivered_from), '[]') && daterange(m.delivered_from, COALESCE(m.delivered_to, m.delivered_from), '[]')
    -- Parts of something joint are declared to be parts.
    AND (c.joint IS NULL OR c.joint IS DISTINCT FROM m.joint)
  WHERE EXISTS (
    SELECT FROM raw.allocation x JOIN raw.allocation y ON ST_DWithin(x.geom::geography, y.geom::geography, 250)
    WHERE x.contribution_id = m.id AND y.contribution_id = c.id)
  UNION
  SELECT 'over_the_whole', m.id, NULL
  FROM mine m
  WHERE m.joint IS NOT NULL AND m.share IS NOT NULL AND (
    SELECT sum(split_part(c.share, '/', 1)::numeric / split_part(c.share, '/', 2)::numeric)
    FROM raw.contribution c WHERE c.joint = m.joint AND c.share IS NOT NULL AND c.state <> 'rejected') > 1.000000001
  UNION
  SELECT 'inside_demise', m.id, NULL
  FROM mine m
  WHERE m.additionality <> 'in_scope' AND EXISTS (
    SELECT FROM raw.allocation a JOIN raw.delivery_site d ON d.contract_id = m.contract_id AND ST_Intersects(d.demise_geom, a.geom) WHERE a.contribution_id = m.id)
)
INSERT INTO raw.finding (kind, contribution_id, other_id)
SELECT kind, a, b FROM pair
ON CONFLICT (kind, contribution_id, other_id) DO NOTHING
