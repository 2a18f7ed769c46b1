-- Whose session it is, if it is in force.
-- $1 hash.
SELECT id, role, territories, organisation, source, label, demonstration, granted_by, granted_at, created_at, seen_on
FROM raw.session_in_force($1)
