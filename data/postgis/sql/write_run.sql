-- Keeps what a request wrote, and audits it.
-- @id, @kind, @source, @sha256, @actor, @action, @subject, @detail, @started, @report.
WITH run AS (
  INSERT INTO raw.import_run (id, kind, source, file, sha256, actor, started_at, report)
  VALUES (@id, @kind, @source, '', @sha256, @actor, @started, @report)
)
INSERT INTO audit.log (actor, action, subject, detail) VALUES (@actor, @action, @subject, @detail)
