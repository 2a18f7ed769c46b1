-- Keeps a new key; of its secret the hash alone.
-- @id, @hash, @role, @territories, @organisation, @source, @label, @by, @created, @expires.
INSERT INTO raw.api_key (id, hash, role, territories, organisation, source, label, created_by, created_at, expires_at)
VALUES (@id, @hash, @role, @territories, @organisation, @source, @label, @by, @created, @expires)
