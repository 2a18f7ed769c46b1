-- Wakes those who follow the change log. In a transaction of its own: NOTIFY
-- within the writers' would make them commit one after the other.
SELECT pg_notify('tributary', '')
