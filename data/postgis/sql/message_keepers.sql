-- How many people sign in for a source.
-- $1 source.
-- Index: account (source).
SELECT count(*) FROM raw.account WHERE source = $1 AND role IS NOT NULL
