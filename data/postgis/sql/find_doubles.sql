-- Suspects double counting among the subjects and what is stored: the same
-- evidence under two contributions; the same measure and provider within 250
-- metres on overlapping dates under two contracts; shares of one joint
-- contribution of more than the whole. Rejected contributions are left out.
-- The pair stands with the smaller id first. Found once, a finding stays until
-- it is decided.
-- Each subject looks its likes up: those of its activity and measure that began
-- no longer before it than the longest lasts.
-- Index: evidence (contribution_id), (sha256); contribution (activity_id,
-- measure, delivered_from), (provider_id, measure, delivered_from), (joint),
-- (delivered_to - delivered_from).
WITH longest AS (
  SELECT COALESCE(max(delivered_to - delivered_from), 0) AS days FROM raw.contribution WHERE delivered_to IS NOT NULL
), mine AS MATERIALIZED (
  SELECT s.contribution_id AS id, s.measure, s.own_activity_id AS activity_id, CASE WHEN s.own_activity_id IS NULL THEN s.provider_id END AS provider_id, s.contract_id, s.joint, s.share, s.additionality,
         s.delivered_from - longest.days AS since, s.delivered_from, s.delivered_until
  FROM subject s CROSS JOIN longest WHERE s.state <> 'rejected'
), alike AS (
  SELECT m.id AS a, c.id AS b, c.joint, m.joint AS my_joint
  FROM mine m CROSS JOIN LATERAL (
    SELECT c.id, c.joint FROM raw.contribution c
    WHERE c.activity_id = m.activity_id AND c.measure = m.measure AND c.delivered_from >= m.since AND c.delivered_from <= m.delivered_until
      AND COALESCE(c.delivered_to, c.delivered_from) >= m.delivered_from AND c.contract_id <> m.contract_id AND c.id <> m.id AND c.state <> 'rejected' OFFSET 0) c
  WHERE m.activity_id IS NOT NULL AND m.measure IS NOT NULL AND m.contract_id IS NOT NULL
  UNION ALL
  SELECT m.id, c.id, c.joint, m.joint
  FROM mine m CROSS JOIN LATERAL (
    SELECT c.id, c.joint FROM raw.contribution c
    WHERE c.provider_id = m.provider_id AND c.activity_id IS NULL AND c.measure = m.measure AND c.delivered_from >= m.since AND c.delivered_from <= m.delivered_until
      AND COALESCE(c.delivered_to, c.delivered_from) >= m.delivered_from AND c.contract_id <> m.contract_id AND c.id <> m.id AND c.state <> 'rejected' OFFSET 0) c
  WHERE m.provider_id IS NOT NULL AND m.measure IS NOT NULL AND m.contract_id IS NOT NULL
), pair AS (
  SELECT 'same_evidence' AS kind, LEAST(m.id, e.contribution_id) AS a, GREATEST(m.id, e.contribution_id) AS b
  FROM mine m
  CROSS JOIN LATERAL (SELECT e.sha256 FROM raw.evidence e WHERE e.contribution_id = m.id AND e.sha256 IS NOT NULL OFFSET 0) own
  CROSS JOIN LATERAL (SELECT e.contribution_id FROM raw.evidence e WHERE e.sha256 = own.sha256 AND e.contribution_id <> m.id OFFSET 0) e
  JOIN raw.contribution c ON c.id = e.contribution_id AND c.state <> 'rejected'
  UNION
  SELECT 'same_place_and_time', LEAST(x.a, x.b), GREATEST(x.a, x.b)
  FROM alike x
  -- Parts of something joint are declared to be parts.
  WHERE (x.joint IS NULL OR x.joint IS DISTINCT FROM x.my_joint) AND EXISTS (
    SELECT FROM raw.allocation p JOIN raw.allocation q ON ST_DWithin(p.geom::geography, q.geom::geography, 250)
    WHERE p.contribution_id = x.a AND q.contribution_id = x.b)
  UNION
  SELECT 'over_the_whole', m.id, NULL
  FROM mine m
  WHERE m.joint IS NOT NULL AND m.share IS NOT NULL AND (
    SELECT sum(split_part(c.share, '/', 1)::numeric / split_part(c.share, '/', 2)::numeric)
    FROM raw.contribution c WHERE c.joint = m.joint AND c.share IS NOT NULL AND c.state <> 'rejected') > 1.000000001
  UNION
  SELECT 'inside_demise', m.id, NULL
  FROM mine m
  JOIN raw.delivery_site d ON d.contract_id = m.contract_id AND d.demise_geom IS NOT NULL
  JOIN part p ON p.contribution_id = m.id AND ST_Intersects(d.demise_geom, p.geom)
  WHERE m.additionality <> 'in_scope'
)
INSERT INTO raw.finding (kind, contribution_id, other_id)
SELECT kind, a, b FROM pair
ORDER BY kind, a, b -- so that two searches at a time do not wait for each other in a circle
ON CONFLICT (kind, contribution_id, other_id) DO NOTHING
