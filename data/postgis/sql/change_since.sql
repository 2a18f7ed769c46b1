-- The rows of the log that can be seen now and could not be in an earlier
-- snapshot: those of transactions that began after it, and of those that were
-- under way. (As NOT pg_visible_in_snapshot(xid, @since), by index.) A sequence
-- would not do: its numbers are drawn in another order than transactions
-- commit in.
-- @since: the snapshot that the reader saw last, as text.
-- Index: change_xid.
SELECT kind, whole, ids, gone, activities FROM raw.change WHERE xid >= pg_snapshot_xmax(@since::text::pg_snapshot)
UNION ALL
SELECT kind, whole, ids, gone, activities FROM raw.change WHERE xid = ANY (ARRAY(SELECT pg_snapshot_xip(@since::text::pg_snapshot)))
