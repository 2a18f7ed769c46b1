-- Each indicator of each subject: its first value as baseline, its latest, the
-- change, and whether the two intervals are apart. Longitudinal from three
-- periods on.
-- Report arguments; @activities.
WITH seen AS (
  SELECT o.*, COALESCE(o.territory_id, (SELECT d.territory_id FROM pub.district d WHERE d.code = o.area_code),
                       (SELECT min(p.territory_id) FROM pub.place p WHERE p.activity_id = o.activity_id)) AS lies
  FROM pub.observation o
  WHERE (@from::date IS NULL OR o.period_start >= @from) AND (@to::date IS NULL OR o.period_end <= @to)
    AND (@activities::text[] IS NULL OR o.activity_id::text = ANY (@activities))
), ranked AS (
  SELECT s.*, row_number() OVER w AS first, row_number() OVER (PARTITION BY s.indicator_id, s.activity_id, s.area_code, s.territory_id ORDER BY s.period_start DESC, s.period_end DESC, s.id) AS last,
         count(*) OVER (PARTITION BY s.indicator_id, s.activity_id, s.area_code, s.territory_id) AS points
  FROM seen s LEFT JOIN pub.territory t ON t.id = s.lies
  WHERE (@territories::text[] IS NULL OR s.lies = ANY (@territories)) AND (@regions::text[] IS NULL OR COALESCE(t.region_code, s.region_code) = ANY (@regions))
  WINDOW w AS (PARTITION BY s.indicator_id, s.activity_id, s.area_code, s.territory_id ORDER BY s.period_start, s.period_end, s.id)
)
SELECT i.code, i.title, i.domain, i.unit, i.direction,
       COALESCE(a.name, t.name, d.name, b.area_code), COALESCE(b.activity_id::text, b.area_code, b.territory_id),
       b.points, b.points >= 3, b.period_start, b.value, b.lower, b.upper, l.period_start, l.value, l.lower, l.upper,
       CASE WHEN b.points > 1 THEN l.value - b.value END,
       CASE WHEN b.points = 1 THEN 'baseline only'
            WHEN b.upper IS NULL OR l.upper IS NULL THEN 'no interval'
            WHEN l.lower > b.upper THEN CASE i.direction WHEN 'higher' THEN 'better' ELSE 'worse' END
            WHEN l.upper < b.lower THEN CASE i.direction WHEN 'higher' THEN 'worse' ELSE 'better' END
            ELSE 'not clear' END
FROM ranked b
JOIN ranked l ON l.last = 1 AND (l.indicator_id, l.activity_id, l.area_code, l.territory_id) IS NOT DISTINCT FROM (b.indicator_id, b.activity_id, b.area_code, b.territory_id)
JOIN pub.indicator i ON i.id = b.indicator_id
LEFT JOIN pub.activity a ON a.id = b.activity_id
LEFT JOIN pub.territory t ON t.id = b.territory_id
LEFT JOIN pub.district d ON d.code = b.area_code
WHERE b.first = 1
ORDER BY i.domain, i.title, 6, 7
