-- Lets the parts of a large load work beside one another, and no other import,
-- until the transaction ends.
SELECT pg_advisory_xact_lock_shared(7301)
