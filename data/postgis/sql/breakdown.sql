-- Activities under a filter by status, by theme and by the level they may be
-- shown at. An activity with two themes stands in both.
-- Filter arguments; @territory_set, @area_set: earlier boundaries, or null.
WITH hit AS (
  SELECT DISTINCT a.id, a.status, a.themes, p.level
  FROM pub.place_at(@territory_set::integer, @area_set::integer) p JOIN pub.activity a ON a.id = p.activity_id
  WHERE
  -- include filter
)
SELECT 'status' AS field, status AS value, count(DISTINCT id) FROM hit GROUP BY status
UNION ALL
SELECT 'theme', theme, count(DISTINCT id) FROM hit CROSS JOIN unnest(themes) theme GROUP BY theme
UNION ALL
SELECT 'level', level, count(DISTINCT id) FROM hit GROUP BY level
ORDER BY 1, 3 DESC, 2
