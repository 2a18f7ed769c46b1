-- Adds and renames the organisations behind the placed rows; the last row of
-- the file that names one wins. One with an org-id is the same for every
-- source.
-- @source.
-- Index: organisation (source, external_id).
INSERT INTO raw.organisation AS o (source, external_id, name, kind)
SELECT DISTINCT ON (p.provider_key) raw.ref_source(p.provider_key, 'organisation', @source), p.provider_key, p.provider, 'provider'
FROM placed p
WHERE p.reason IS NULL
ORDER BY p.provider_key, p.line DESC
ON CONFLICT (source, external_id) DO UPDATE SET name = EXCLUDED.name WHERE o.name <> EXCLUDED.name
RETURNING id
