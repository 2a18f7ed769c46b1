-- Notes that a part of the reference is loaded.
-- $1 part, $2 digest.
INSERT INTO pub.reference_load (part, sha256) VALUES ($1, $2) ON CONFLICT (part) DO UPDATE SET sha256 = EXCLUDED.sha256
