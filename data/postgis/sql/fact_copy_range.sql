-- Says which pages fact_copy reads.
-- $1 first, $2 end: ctids.
SELECT set_config('tributary.first', $1, true), set_config('tributary.end', $2, true)
