-- Writes the public form of the touched activities and of who provides them.
-- What they say of a place that is not open is told without what would say
-- where it is.
WITH listed AS (
  SELECT a.id, CASE WHEN a.class = 0 THEN a.name ELSE pub.without_position(a.name) END AS name, CASE WHEN a.class = 0 THEN a.summary ELSE pub.without_place(a.summary) END AS summary,
         pub.url_without_place(a.url, a.class) AS url, a.provider_id, a.themes, a.measures, a.status, a.source, a.demonstration, a.updated_at
  FROM touched t JOIN raw.activity a ON a.id = t.activity_id
  WHERE a.class < 3 AND a.status NOT IN ('draft', 'suspended')
), organisations AS (
  INSERT INTO pub.organisation AS p (id, name)
  SELECT o.id, o.name FROM raw.organisation o WHERE o.id IN (SELECT provider_id FROM listed)
  ON CONFLICT (id) DO UPDATE SET name = EXCLUDED.name WHERE p.name <> EXCLUDED.name
)
INSERT INTO pub.activity (id, name, summary, url, provider_id, themes, measures, status, source, demonstration, updated_at)
SELECT id, name, summary, url, provider_id, themes, measures, status, source, demonstration, updated_at FROM listed
ON CONFLICT (id) DO UPDATE SET
  name = EXCLUDED.name, summary = EXCLUDED.summary, url = EXCLUDED.url, provider_id = EXCLUDED.provider_id,
  themes = EXCLUDED.themes, measures = EXCLUDED.measures, status = EXCLUDED.status, source = EXCLUDED.source,
  demonstration = EXCLUDED.demonstration, updated_at = EXCLUDED.updated_at
