-- The key in force whose secret has this hash. A look-up by hash takes no time
-- that tells anything of the secret.
-- $1 hash.
-- Index: api_key (hash).
SELECT id, role, territories, organisation, source, label, created_at, expires_at, revoked_at, last_used_at FROM raw.key_in_force($1)
