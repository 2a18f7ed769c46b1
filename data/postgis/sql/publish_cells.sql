-- The H3 cells of resolution 8 that touched places will be shown in and that
-- have no outline yet. The parent of a resolution 9 cell is its index with the
-- resolution set to 8 and the ninth digit unset.
SELECT DISTINCT cell8.cell
FROM touched t
JOIN raw.activity a ON a.id = t.activity_id AND a.class = 1 AND a.status NOT IN ('draft', 'suspended')
JOIN raw.place p ON p.activity_id = a.id AND p.cell IS NOT NULL
CROSS JOIN LATERAL (SELECT (p.cell & ~(15::bigint << 52)) | (8::bigint << 52) | (7::bigint << 18) AS cell) cell8
WHERE NOT EXISTS (SELECT FROM pub.cell c WHERE c.cell = cell8.cell)
ORDER BY 1
