-- Every listed activity that is not closed, in each place where it delivers,
-- with what it needs, whether its provider welcomes an approach, the
-- priorities that it serves there, and whether it received something in the
-- last twelve months: looked up for each, as the facts are two hundred times as
-- many.
-- Index: fact (activity_id, day).
WITH aim AS (
  SELECT g.territory_id, m.code AS measure, p.code AS priority
  FROM pub.plan_territory g
  JOIN pub.priority p ON p.plan_id = g.plan_id
  JOIN pub.measure m ON m.priority_code = p.code
  WHERE g.valid_from <= CURRENT_DATE AND g.valid_to > CURRENT_DATE
), target AS (
  SELECT DISTINCT unnest(areas) AS area FROM pub.target_area WHERE valid_from <= CURRENT_DATE AND valid_to > CURRENT_DATE
), need AS (
  SELECT activity_id, jsonb_agg(jsonb_build_object('type', type, 'quantity_milli', COALESCE(quantity_milli, 0), 'unit', COALESCE(unit, ''), 'text', COALESCE(text, '')) ORDER BY type, id) AS needs
  FROM pub.need
  WHERE status IN ('open', 'part_met') AND COALESCE(open_from, '-infinity') <= CURRENT_DATE AND COALESCE(open_to, 'infinity') >= CURRENT_DATE
  GROUP BY activity_id
), entry AS (
  SELECT organisation_id, array_agg(DISTINCT t) AS types
  FROM pub.register_entry CROSS JOIN unnest(types) t WHERE stale_on > CURRENT_DATE GROUP BY organisation_id
)
SELECT a.id::text, a.name, o.id::text, o.name, a.status, a.themes, a.measures, p.level,
       ST_X(ST_Transform(p.geom, 4326)), ST_Y(ST_Transform(p.geom, 4326)), p.territory_id, COALESCE(p.area_code, ''),
       ARRAY(SELECT DISTINCT m.priority FROM aim m WHERE m.territory_id = p.territory_id AND m.measure = ANY (a.measures) ORDER BY 1),
       COALESCE(n.needs, '[]'), COALESCE(e.types, '{}'), t.area IS NOT NULL,
       EXISTS (SELECT FROM pub.fact f WHERE f.activity_id = a.id AND f.day > CURRENT_DATE - interval '12 months' AND f.state <> 'rejected')
FROM pub.activity a
JOIN pub.organisation o ON o.id = a.provider_id
JOIN pub.place p ON p.activity_id = a.id AND p.role IN ('delivery', 'service_area')
LEFT JOIN need n ON n.activity_id = a.id
LEFT JOIN entry e ON e.organisation_id = a.provider_id
LEFT JOIN target t ON t.area = p.area_code
WHERE a.status <> 'closed'
ORDER BY a.id, p.id
