-- Keeps what an import was and did, and audits it.
-- @id, @kind, @source, @file, @sha256, @actor, @took, @report.
WITH run AS (
  INSERT INTO raw.import_run (id, kind, source, file, sha256, actor, started_at, report)
  VALUES (@id, @kind, @source, @file, @sha256, @actor, clock_timestamp() - @took::interval, @report)
)
INSERT INTO audit.log (actor, action, subject, detail)
VALUES (@actor, 'import ' || @kind, @id::text, jsonb_build_object('source', @source::text, 'file', @file::text, 'sha256', @sha256::text, 'report', @report::jsonb))
