-- One row an activity of the file, beside what is stored: the first row of the
-- file that names it speaks for it. Makes "incoming".
-- @source.
-- Index: activity (source, external_id).
CREATE TEMP TABLE incoming ON COMMIT DROP AS
SELECT f.*, COALESCE(a.id, gen_random_uuid()) AS activity_id, o.id AS provider_id,
       a.id IS NULL AS added,
       a.id IS NOT NULL AND (a.provider_id, a.name, a.summary, a.url, a.themes, a.measures, a.status, a.class)
         IS DISTINCT FROM (o.id, f.name, f.summary, f.url, f.themes, f.measures, f.status, f.class) AS changed
FROM (
  SELECT DISTINCT ON (external_id) external_id, provider_key, name, summary, url, themes, measures, status,
         max(class) OVER (PARTITION BY external_id) AS class
  FROM placed WHERE reason IS NULL
  ORDER BY external_id, line
) f
JOIN raw.organisation o ON o.source = raw.ref_source(f.provider_key, 'organisation', @source) AND o.external_id = f.provider_key
LEFT JOIN raw.activity a ON a.source = @source AND a.external_id = f.external_id
