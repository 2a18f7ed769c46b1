-- Forgets sessions that have run out.
-- Index: session (created_at).
DELETE FROM raw.session WHERE created_at < now() - interval '12 hours'
