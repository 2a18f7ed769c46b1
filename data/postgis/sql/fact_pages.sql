-- How many pages the public facts fill, and a snapshot that other connections
-- can look at too.
SELECT pg_relation_size('pub.fact') / current_setting('block_size')::bigint, pg_export_snapshot()
