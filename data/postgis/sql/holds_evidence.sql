-- Contributions whose state rose without any.
SELECT (SELECT x.source || '//' || x.external_id FROM raw.contribution x WHERE x.id = c.id), c.state
FROM raw.contribution c LEFT JOIN raw.evidence e ON e.contribution_id = c.id
WHERE c.state IN ('evidenced', 'audited') AND e.id IS NULL
ORDER BY 1
