-- Who has signed in or been given access, those without access first.
-- @territories: an office's, or null for all.
SELECT id, role, territories, organisation, source, label, demonstration, granted_by, granted_at, created_at, seen_on
FROM raw.account
WHERE @territories::text[] IS NULL OR role IS NULL OR territories && @territories::text[]
ORDER BY role IS NOT NULL, seen_on DESC NULLS LAST, id
