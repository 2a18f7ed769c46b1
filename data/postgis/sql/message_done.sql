-- Notes that a message has been dealt with.
-- $1 id, $2 by whom.
UPDATE raw.message SET done_at = now(), done_by = $2 WHERE id = $1 AND done_at IS NULL
