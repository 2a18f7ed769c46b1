-- Writes the added and the changed activities.
-- @source, @run, @demonstration.
WITH gone AS (
  UPDATE raw.activity a
  SET provider_id = i.provider_id, name = i.name, summary = i.summary, url = i.url, themes = i.themes,
      measures = i.measures, status = i.status, class = i.class, updated_at = now(), run_id = @run
  FROM incoming i
  WHERE i.changed AND a.id = i.activity_id
)
INSERT INTO raw.activity (id, source, external_id, provider_id, name, summary, url, themes, measures, status, class, demonstration, updated_at, run_id)
SELECT activity_id, @source, external_id, provider_id, name, summary, url, themes, measures, status, class, @demonstration, now(), @run
FROM incoming WHERE added
