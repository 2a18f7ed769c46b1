-- The records of a kind that were written.
-- $1 kind.
SELECT source, external_id, added FROM changed WHERE kind = $1 AND source IS NOT NULL
