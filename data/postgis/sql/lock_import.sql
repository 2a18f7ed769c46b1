-- Lets one import or change of boundaries work at a time, until the
-- transaction ends.
SELECT pg_advisory_xact_lock(7301)
