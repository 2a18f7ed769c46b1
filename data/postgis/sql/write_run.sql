-- Keeps what a transaction of requests wrote.
-- @id, @kind, @source, @sha256, @actor, @took, @report.
INSERT INTO raw.import_run (id, kind, source, file, sha256, actor, started_at, report)
VALUES (@id, @kind, @source, '', @sha256, @actor, clock_timestamp() - @took::interval, @report)
