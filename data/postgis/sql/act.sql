-- Says who acts in this transaction and on which territories.
-- $1 name, $2 territories joined by commas, or * for all.
SELECT set_config('tributary.actor', $1, true), set_config('tributary.territories', $2, true)
