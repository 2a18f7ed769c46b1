-- Adds and renames the organisations behind the placed rows; the last row of
-- the file that names one wins.
-- @source.
-- Index: organisation (source, external_id).
INSERT INTO raw.organisation AS o (id, source, external_id, name)
SELECT DISTINCT ON (p.provider_key) gen_random_uuid(), @source, p.provider_key, p.provider
FROM placed p
WHERE p.reason IS NULL
ORDER BY p.provider_key, p.line DESC
ON CONFLICT (source, external_id) DO UPDATE SET name = EXCLUDED.name WHERE o.name <> EXCLUDED.name
RETURNING id
