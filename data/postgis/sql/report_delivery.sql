-- What each priority of the plans in force on @day received, by evidence state,
-- with what was committed under contracts; a priority also has what went to
-- those that it replaces. What served no priority of the plan stands in a row
-- of its own. Those that received nothing come first.
-- Report arguments.
WITH place AS (
  SELECT t.id, t.name FROM pub.territory t
  WHERE t.valid_from <= @day AND t.valid_to > @day
    AND (@territories::text[] IS NULL OR t.id = ANY (@territories)) AND (@regions::text[] IS NULL OR t.region_code = ANY (@regions))
), aim AS (
  SELECT g.territory_id, l.title AS plan, p.code, p.name, p.position, p.code || p.replaces AS codes
  FROM place JOIN pub.plan_territory g ON g.territory_id = place.id AND g.valid_from <= @day AND g.valid_to > @day
  JOIN pub.plan l ON l.id = g.plan_id
  JOIN pub.priority p ON p.plan_id = l.id
), given AS (
  SELECT f.territory_id, f.priority, f.state, sum(f.pence)::bigint AS pence, count(*) AS n, array_agg(DISTINCT f.activity_id) FILTER (WHERE f.activity_id IS NOT NULL) AS activities
  FROM pub.fact_at(@territory_set::integer) f
  WHERE f.territory_id IN (SELECT id FROM place) AND
  -- include fact_filter
  GROUP BY f.territory_id, f.priority, f.state
), promised AS (
  SELECT t AS territory_id, m.priority_code AS priority, sum(c.value_pence)::bigint AS pence
  FROM pub.commitment c JOIN pub.contract k ON k.id = c.contract_id CROSS JOIN unnest(k.territories[1:1]) t
  LEFT JOIN pub.measure m ON m.code = c.measure
  WHERE t IN (SELECT id FROM place) AND k.starts_on <= @day
    AND (@sectors::text[] IS NULL OR k.sector = ANY (@sectors)) AND (@buyers::text[] IS NULL OR k.buyer_id::text = ANY (@buyers)) AND (@suppliers::text[] IS NULL OR k.supplier_id::text = ANY (@suppliers))
  GROUP BY t, m.priority_code
), line AS (
  SELECT territory_id, plan, code, name, position, codes FROM aim
  UNION ALL
  SELECT place.id, NULL, NULL, NULL, NULL, NULL FROM place
)
SELECT l.territory_id, l.plan, l.code, l.name, COALESCE(p.pence, 0)::bigint,
       COALESCE(g.claimed, 0)::bigint, COALESCE(g.confirmed, 0)::bigint, COALESCE(g.evidenced, 0)::bigint, COALESCE(g.audited, 0)::bigint, COALESCE(g.total, 0)::bigint AS total, COALESCE(g.n, 0)::bigint AS n,
       COALESCE(g.activities, 0)::bigint
FROM line l
LEFT JOIN LATERAL (
  SELECT sum(v.pence) FILTER (WHERE v.state = 'claimed') AS claimed, sum(v.pence) FILTER (WHERE v.state = 'provider_confirmed') AS confirmed, sum(v.pence) FILTER (WHERE v.state = 'evidenced') AS evidenced,
         sum(v.pence) FILTER (WHERE v.state = 'audited') AS audited, sum(v.pence) AS total, sum(v.n) AS n,
         (SELECT count(DISTINCT a) FROM given w CROSS JOIN unnest(w.activities) a WHERE w.territory_id = l.territory_id AND CASE WHEN l.code IS NOT NULL THEN w.priority = ANY (l.codes) ELSE w.priority IS NULL OR NOT EXISTS (SELECT FROM aim x WHERE x.territory_id = w.territory_id AND w.priority = ANY (x.codes)) END) AS activities
  FROM given v
  WHERE v.territory_id = l.territory_id AND CASE WHEN l.code IS NOT NULL THEN v.priority = ANY (l.codes) ELSE v.priority IS NULL OR NOT EXISTS (SELECT FROM aim x WHERE x.territory_id = v.territory_id AND v.priority = ANY (x.codes)) END
) g ON true
LEFT JOIN LATERAL (
  SELECT sum(q.pence) AS pence FROM promised q
  WHERE q.territory_id = l.territory_id AND CASE WHEN l.code IS NOT NULL THEN q.priority = ANY (l.codes) ELSE q.priority IS NULL OR NOT EXISTS (SELECT FROM aim x WHERE x.territory_id = q.territory_id AND q.priority = ANY (x.codes)) END
) p ON true
WHERE l.code IS NOT NULL OR g.n > 0 OR p.pence > 0
ORDER BY l.territory_id, l.code IS NULL, COALESCE(g.n, 0) > 0, l.position, l.code
