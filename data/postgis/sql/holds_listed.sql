-- Activities with more or fewer shown places than places, and those that are
-- listed and may not be.
SELECT a.source || '//' || a.external_id, format('%s places, %s shown', COALESCE(r.n, 0), COALESCE(s.n, 0))
FROM raw.activity a
LEFT JOIN (SELECT activity_id, count(*) AS n FROM raw.place GROUP BY activity_id) r ON r.activity_id = a.id
LEFT JOIN (SELECT activity_id, count(*) AS n FROM pub.place GROUP BY activity_id) s ON s.activity_id = a.id
WHERE a.class < 3 AND a.status NOT IN ('draft', 'suspended') AND r.n IS DISTINCT FROM s.n
UNION ALL
SELECT a.source || '//' || a.external_id, 'it is listed and may not be'
FROM raw.activity a JOIN pub.activity p ON p.id = a.id WHERE a.class = 3 OR a.status IN ('draft', 'suspended')
ORDER BY 1, 2
