-- What is known of made-up records: the command that made the last of them up,
-- and whether there are others beside them.
-- @source: of the made-up records.
SELECT COALESCE((SELECT r.file FROM raw.import_run r WHERE r.source = @source ORDER BY r.finished_at DESC LIMIT 1), ''),
       EXISTS (SELECT FROM raw.activity WHERE NOT demonstration) OR EXISTS (SELECT FROM raw.organisation WHERE source <> @source)
