-- Marks that what anyone may see has changed, and wakes those who hold copies.
UPDATE pub.version SET version = version + 1
RETURNING version, pg_notify('tributary', version::text)
