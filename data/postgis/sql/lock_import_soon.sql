-- How long a request waits for an import at work, or for anything else, before
-- its client is told to come again.
SELECT set_config('lock_timeout', '5s', true)
