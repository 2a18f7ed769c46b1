-- The last link: its position and hash; no row before the first.
SELECT position, hash FROM audit.seal ORDER BY position DESC LIMIT 1
