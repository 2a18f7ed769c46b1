-- The last of so many contributions after one; none is no row.
-- @after, @most.
-- Index: contribution (id).
SELECT id FROM (SELECT c.id FROM raw.contribution c WHERE c.id > @after::uuid ORDER BY c.id LIMIT @most::integer) c ORDER BY id DESC LIMIT 1
