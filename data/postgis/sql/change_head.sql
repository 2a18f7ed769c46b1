-- What can be seen now, and whether rows of the log that a reader at @since has
-- not seen may have been swept, or it has seen none.
-- @since: the snapshot that the reader saw last, as text; empty for none.
SELECT pg_current_snapshot()::text,
       @since::text = '' OR v.swept >= pg_snapshot_xmin(NULLIF(@since::text, '')::pg_snapshot)
FROM pub.version v
