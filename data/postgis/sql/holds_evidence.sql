-- Contributions of a piece whose state rose without any evidence.
-- @after, @upto: ids of contributions.
-- Index: contribution (id), evidence (contribution_id).
SELECT (SELECT x.source || '//' || x.external_id FROM raw.contribution x WHERE x.id = c.id), c.state
FROM raw.contribution c
LEFT JOIN raw.evidence e ON e.contribution_id = c.id AND e.contribution_id > @after::uuid AND e.contribution_id <= @upto::uuid
WHERE c.id > @after::uuid AND c.id <= @upto::uuid AND c.state IN ('evidenced', 'audited') AND e.id IS NULL
ORDER BY 1
