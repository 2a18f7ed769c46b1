-- Writes the staged academic_links that differ from what is stored. Made by 'make
-- generate' from the kind's fields; the last row of the file that names a
-- record counts.
-- @source, @run.
-- Index: academic_link (source, external_id).
WITH last AS MATERIALIZED (
  SELECT DISTINCT ON (s.own_source, s.external_id) s.own_source, s.external_id, s.doc AS d, raw.ref_source(s.doc->>'university') AS university_source, raw.ref_id(s.doc->>'university') AS university_ref, raw.ref_source(s.doc->>'activity') AS activity_source, raw.ref_id(s.doc->>'activity') AS activity_ref
  FROM staged s
  WHERE s.kind = 'academic_link' AND s.reason IS NULL
  ORDER BY s.own_source, s.external_id, s.n DESC
), given AS (
  SELECT g.own_source, g.external_id,
         ref_university.id AS university_id,
         (d->>'faculty') AS faculty,
         ref_activity.id AS activity_id,
         (d->>'kind') AS kind
  FROM last g
  LEFT JOIN raw.organisation ref_university ON (ref_university.source, ref_university.external_id) = (g.university_source, g.university_ref)
  LEFT JOIN raw.activity ref_activity ON (ref_activity.source, ref_activity.external_id) = (g.activity_source, g.activity_ref)
), written AS (
  INSERT INTO raw.academic_link AS t (source, external_id, run_id, updated_at, university_id, faculty, activity_id, kind)
  SELECT own_source, external_id, @run::uuid, now(), university_id, faculty, activity_id, kind FROM given
  ON CONFLICT (source, external_id) DO UPDATE SET run_id = EXCLUDED.run_id, updated_at = EXCLUDED.updated_at,
    university_id = EXCLUDED.university_id, faculty = EXCLUDED.faculty, activity_id = EXCLUDED.activity_id, kind = EXCLUDED.kind
  WHERE ROW(t.university_id, t.faculty, t.activity_id, t.kind)
    IS DISTINCT FROM ROW(EXCLUDED.university_id, EXCLUDED.faculty, EXCLUDED.activity_id, EXCLUDED.kind)
  RETURNING t.id, t.xmax = 0 AS added, t.source, t.external_id
), note AS (
  INSERT INTO changed (kind, id, added, source, external_id) SELECT 'academic_link', id, added, source, external_id FROM written
)
SELECT (SELECT count(*) FROM last), count(*) FILTER (WHERE added), count(*) FILTER (WHERE NOT added) FROM written
