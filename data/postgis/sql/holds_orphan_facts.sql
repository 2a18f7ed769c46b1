-- Facts that no part is.
SELECT f.id::text, NULL
FROM pub.fact f LEFT JOIN raw.allocation a ON a.fact_id = f.id
WHERE a.fact_id IS NULL
ORDER BY f.id
