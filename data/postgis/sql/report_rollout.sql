-- How far the model has come in each territory on @day.
-- Report arguments.
SELECT t.id, t.name, r.name AS region, t.onboarding, t.onboarded_on,
       (SELECT b.name FROM pub.governance g JOIN pub.policing_body b ON b.id = g.body_id WHERE g.territory_id = t.id AND g.valid_from <= @day AND g.valid_to > @day ORDER BY g.valid_from DESC LIMIT 1),
       (SELECT l.title FROM pub.plan_territory g JOIN pub.plan l ON l.id = g.plan_id WHERE g.territory_id = t.id AND g.valid_from <= @day AND g.valid_to > @day AND l.kind <> 'local_plan' ORDER BY g.valid_from DESC LIMIT 1),
       (SELECT p.title FROM pub.policy_in_force p WHERE p.territory_id = t.id AND p.in_force_from <= @day AND p.in_force_to > @day ORDER BY p.in_force_from DESC LIMIT 1),
       (SELECT h.host FROM pub.hub h WHERE h.region_code = t.region_code AND h.commissioned_on <= @day AND (h.ended_on IS NULL OR h.ended_on > @day) ORDER BY h.commissioned_on DESC LIMIT 1),
       COALESCE(a.n, 0), COALESCE(a.validated, 0), COALESCE(f.sectors, '{}'), COALESCE(f.pence, 0)::bigint
FROM pub.territory t
JOIN pub.region r ON r.code = t.region_code
LEFT JOIN (
  SELECT p.territory_id, count(DISTINCT p.activity_id) AS n, count(DISTINCT p.activity_id) FILTER (WHERE a.status = 'validated') AS validated
  FROM pub.place_at(@territory_set::integer, NULL) p JOIN pub.activity a ON a.id = p.activity_id AND a.status <> 'closed' WHERE p.role IN ('delivery', 'service_area') GROUP BY p.territory_id
) a ON a.territory_id = t.id
LEFT JOIN (
  SELECT f.territory_id, array_agg(DISTINCT f.sector ORDER BY f.sector) FILTER (WHERE f.sector IS NOT NULL) AS sectors, sum(f.pence) AS pence
  FROM pub.fact_at(@territory_set::integer) f WHERE
  -- include fact_filter
    AND f.day <= @day
  GROUP BY f.territory_id
) f ON f.territory_id = t.id
WHERE t.valid_from <= @day AND t.valid_to > @day
  AND (@territories::text[] IS NULL OR t.id = ANY (@territories)) AND (@regions::text[] IS NULL OR t.region_code = ANY (@regions))
ORDER BY r.name, t.name
