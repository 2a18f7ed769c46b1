-- Every key, the newest first; never a secret.
SELECT id, role, territories, organisation, source, label, created_at, expires_at, revoked_at, last_used_at
FROM raw.api_key ORDER BY created_at DESC, id
