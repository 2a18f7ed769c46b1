-- Writes the public form of the touched activities and of who provides them.
-- A postcode in the text of one that is not open is shortened to its outward
-- half: it would say what the level of its places withholds.
WITH listed AS (
  SELECT a.id, said.name, said.summary, a.url, a.provider_id, a.themes, a.measures, a.status, a.source, a.demonstration, a.updated_at
  FROM touched t JOIN raw.activity a ON a.id = t.activity_id
  CROSS JOIN LATERAL (
    SELECT CASE WHEN a.class = 0 THEN a.name ELSE regexp_replace(a.name, full_postcode, '\1', 'gi') END AS name,
           CASE WHEN a.class = 0 THEN a.summary ELSE regexp_replace(a.summary, full_postcode, '\1', 'gi') END AS summary
    FROM (VALUES ('\m([A-Z]{1,2}[0-9][0-9A-Z]?)[ \u00A0-]?[0-9][A-Z]{2}\M')) AS pattern (full_postcode)
  ) said
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
