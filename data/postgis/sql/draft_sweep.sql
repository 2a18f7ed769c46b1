-- Forgets drafts that nobody has touched for a month.
DELETE FROM raw.draft WHERE updated_at < now() - interval '30 days'
