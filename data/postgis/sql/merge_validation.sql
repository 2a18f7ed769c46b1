-- Writes the staged validations that differ from what is stored. Made by 'make
-- generate' from the kind's fields; the last row of the file that names a
-- record counts.
-- @source, @run.
-- Index: validation (source, external_id).
WITH last AS MATERIALIZED (
  SELECT DISTINCT ON (s.own_source, s.external_id) s.own_source, s.external_id, s.doc AS d, raw.ref_source(s.doc->>'activity') AS activity_source, raw.ref_id(s.doc->>'activity') AS activity_ref, raw.ref_source(s.doc->>'validated_by') AS validated_by_source, raw.ref_id(s.doc->>'validated_by') AS validated_by_ref
  FROM staged s
  WHERE s.kind = 'validation' AND s.reason IS NULL
  ORDER BY s.own_source, s.external_id, s.n DESC
), given AS (
  SELECT g.own_source, g.external_id,
         ref_activity.id AS activity_id,
         ref_validated_by.id AS validated_by_id,
         (d->>'decision') AS decision,
         (d->>'decided_on')::date AS decided_on,
         (d->>'expires_on')::date AS expires_on,
         ARRAY(SELECT jsonb_array_elements_text(COALESCE(d->'criteria', '[]'))) AS criteria,
         (d->>'note') AS note
  FROM last g
  LEFT JOIN raw.activity ref_activity ON (ref_activity.source, ref_activity.external_id) = (g.activity_source, g.activity_ref)
  LEFT JOIN raw.organisation ref_validated_by ON (ref_validated_by.source, ref_validated_by.external_id) = (g.validated_by_source, g.validated_by_ref)
), written AS (
  INSERT INTO raw.validation AS t (source, external_id, run_id, updated_at, activity_id, validated_by_id, decision, decided_on, expires_on, criteria, note)
  SELECT own_source, external_id, @run::uuid, now(), activity_id, validated_by_id, decision, decided_on, expires_on, criteria, note FROM given
  ON CONFLICT (source, external_id) DO UPDATE SET run_id = EXCLUDED.run_id, updated_at = EXCLUDED.updated_at,
    activity_id = EXCLUDED.activity_id, validated_by_id = EXCLUDED.validated_by_id, decision = EXCLUDED.decision, decided_on = EXCLUDED.decided_on, expires_on = EXCLUDED.expires_on, criteria = EXCLUDED.criteria, note = EXCLUDED.note
  WHERE ROW(t.activity_id, t.validated_by_id, t.decision, t.decided_on, t.expires_on, t.criteria, t.note)
    IS DISTINCT FROM ROW(EXCLUDED.activity_id, EXCLUDED.validated_by_id, EXCLUDED.decision, EXCLUDED.decided_on, EXCLUDED.expires_on, EXCLUDED.criteria, EXCLUDED.note)
  RETURNING t.id, t.xmax = 0 AS added, t.source, t.external_id
), note AS (
  INSERT INTO changed (kind, id, added, source, external_id) SELECT 'validation', id, added, source, external_id FROM written
)
SELECT (SELECT count(*) FROM last), count(*) FILTER (WHERE added), count(*) FILTER (WHERE NOT added) FROM written
