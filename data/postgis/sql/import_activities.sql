-- One row an activity of the file, beside what is stored: the first row of the
-- file that names it speaks for it. Makes "incoming".
-- Its class is the highest of its rows, refused ones included, and is not
-- lowered while a row of it is refused: that row may have been the sensitive
-- one, and its place stays. One that is restricted or secret is lowered only as
-- far as two people have agreed.
-- @source.
-- Index: activity (source, external_id).
CREATE TEMP TABLE incoming ON COMMIT DROP AS
SELECT f.*, COALESCE(a.id, gen_random_uuid()) AS activity_id, o.id AS provider_id,
       a.id IS NULL AS added,
       a.id IS NOT NULL AND ((a.provider_id, a.name, a.summary, a.url, a.themes, a.measures, a.status, a.class)
         IS DISTINCT FROM (o.id, f.name, f.summary, f.url, f.themes, f.measures, f.status, f.class)
         OR EXISTS (SELECT FROM touched t WHERE t.activity_id = a.id)) AS changed
FROM (
  SELECT p.external_id, p.provider_key, p.themes,
         CASE WHEN c.class = 3 THEN regexp_replace(p.name, '\m[A-Z]{1,2}[0-9][0-9A-Z]?[ \u00A0-]?[0-9][A-Z]{2}\M', '', 'gi') ELSE p.name END AS name, p.measures, p.status, c.class,
         -- As of a secret row, they may say where it is.
         CASE WHEN c.class = 3 THEN '' ELSE p.summary END AS summary, CASE WHEN c.class = 3 THEN '' ELSE p.url END AS url
  FROM (
    SELECT DISTINCT ON (external_id) * FROM placed WHERE reason IS NULL ORDER BY external_id, line
  ) p
  JOIN (
    SELECT r.external_id, GREATEST(max(r.class), max(x.class), max(k.class) FILTER (WHERE x.external_id IS NOT NULL),
                                     max(k.class) FILTER (WHERE k.class >= 2 AND l.id IS NULL), max(l.class)) AS class
    FROM placed r
    LEFT JOIN refused_id x ON x.external_id = r.external_id
    LEFT JOIN raw.activity k ON k.source = @source AND k.external_id = r.external_id
    LEFT JOIN raw.lowering l ON l.kind = 'activity' AND l.source = @source AND l.external_id = r.external_id AND l.ended_at IS NULL AND l.agreed_at IS NOT NULL
    GROUP BY r.external_id
  ) c USING (external_id)
) f
JOIN raw.organisation o ON (o.source, o.external_id) = (raw.ref_source(f.provider_key), raw.ref_id(f.provider_key))
LEFT JOIN raw.activity a ON a.source = @source AND a.external_id = f.external_id
