-- For each measure of the plans in force on @day: how the activities that serve
-- it have done where they were measured at least twice with intervals, and the
-- insights and resources that hubs and partners attached to it.
-- Report arguments; @priorities, @beneficiaries.
WITH point AS (
  SELECT o.activity_id, o.indicator_id, o.lower, o.upper,
         row_number() OVER (PARTITION BY o.activity_id, o.indicator_id ORDER BY o.period_start, o.period_end, o.id) AS first,
         row_number() OVER (PARTITION BY o.activity_id, o.indicator_id ORDER BY o.period_start DESC, o.period_end DESC, o.id) AS last,
         count(*) OVER (PARTITION BY o.activity_id, o.indicator_id) AS points
  FROM pub.observation o
  WHERE o.activity_id IS NOT NULL AND o.period_start <= @day
), verdict AS (
  SELECT b.activity_id, b.points,
         CASE WHEN l.lower > b.upper THEN CASE i.direction WHEN 'higher' THEN 1 ELSE -1 END
              WHEN l.upper < b.lower THEN CASE i.direction WHEN 'higher' THEN -1 ELSE 1 END ELSE 0 END AS verdict
  FROM point b
  JOIN point l ON l.activity_id = b.activity_id AND l.indicator_id = b.indicator_id AND l.last = 1
  JOIN pub.indicator i ON i.id = b.indicator_id
  WHERE b.first = 1 AND b.points > 1
)
SELECT g.territory_id, m.code, m.name, p.name,
       (SELECT count(DISTINCT a.id) FROM pub.activity a WHERE m.code = ANY (a.measures) AND a.status = 'validated'),
       v.measured, v.longitudinal, v.better, v.worse,
       COALESCE((SELECT array_agg(d.title ORDER BY d.published_on DESC NULLS LAST, d.title, d.id) FROM pub.document d WHERE d.kind IN ('insight', 'resource') AND m.code = ANY (d.measures) AND COALESCE(d.published_on, '-infinity') <= @day), '{}')
FROM pub.plan_territory g
JOIN pub.territory t ON t.id = g.territory_id
JOIN pub.priority p ON p.plan_id = g.plan_id
JOIN pub.measure m ON m.priority_code = p.code
CROSS JOIN LATERAL (
  SELECT count(*) AS measured, count(*) FILTER (WHERE w.points >= 3) AS longitudinal, count(*) FILTER (WHERE w.verdict = 1) AS better, count(*) FILTER (WHERE w.verdict = -1) AS worse
  FROM verdict w JOIN pub.activity a ON a.id = w.activity_id WHERE m.code = ANY (a.measures)
) v
WHERE g.valid_from <= @day AND g.valid_to > @day
  AND (@territories::text[] IS NULL OR t.id = ANY (@territories)) AND (@regions::text[] IS NULL OR t.region_code = ANY (@regions))
  AND (@priorities::text[] IS NULL OR p.code = ANY (@priorities)) AND (@measures::text[] IS NULL OR m.code = ANY (@measures))
  AND (@types::text[] IS NULL OR m.types && @types) AND (@beneficiaries::text[] IS NULL OR m.beneficiaries && @beneficiaries)
ORDER BY g.territory_id, p.position, p.code, m.position, m.code
