-- Writes the staged reviews that differ from what is stored. Made by 'make
-- generate' from the kind's fields; the last row of the file that names a
-- record counts.
-- @source, @run.
-- Index: review (source, external_id).
WITH last AS MATERIALIZED (
  SELECT DISTINCT ON (s.own_source, s.external_id) s.own_source, s.external_id, s.doc AS d, raw.ref_source(s.doc->>'contribution') AS contribution_source, raw.ref_id(s.doc->>'contribution') AS contribution_ref, raw.ref_source(s.doc->>'other') AS other_source, raw.ref_id(s.doc->>'other') AS other_ref
  FROM staged s
  WHERE s.kind = 'review' AND s.reason IS NULL
  ORDER BY s.own_source, s.external_id, s.n DESC
), given AS (
  SELECT g.own_source, g.external_id,
         ref_contribution.id AS contribution_id,
         ref_other.id AS other_id,
         (d->>'finding') AS finding,
         (d->>'decision') AS decision,
         (d->>'date')::date AS date,
         (d->>'reason') AS reason
  FROM last g
  LEFT JOIN raw.contribution ref_contribution ON (ref_contribution.source, ref_contribution.external_id) = (g.contribution_source, g.contribution_ref)
  LEFT JOIN raw.contribution ref_other ON (ref_other.source, ref_other.external_id) = (g.other_source, g.other_ref)
), written AS (
  INSERT INTO raw.review AS t (source, external_id, run_id, updated_at, contribution_id, other_id, finding, decision, date, reason)
  SELECT own_source, external_id, @run::uuid, now(), contribution_id, other_id, finding, decision, date, reason FROM given
  ON CONFLICT (source, external_id) DO UPDATE SET run_id = EXCLUDED.run_id, updated_at = EXCLUDED.updated_at,
    contribution_id = EXCLUDED.contribution_id, other_id = EXCLUDED.other_id, finding = EXCLUDED.finding, decision = EXCLUDED.decision, date = EXCLUDED.date, reason = EXCLUDED.reason
  WHERE ROW(t.contribution_id, t.other_id, t.finding, t.decision, t.date, t.reason)
    IS DISTINCT FROM ROW(EXCLUDED.contribution_id, EXCLUDED.other_id, EXCLUDED.finding, EXCLUDED.decision, EXCLUDED.date, EXCLUDED.reason)
  RETURNING t.id, t.xmax = 0 AS added, t.source, t.external_id
), note AS (
  INSERT INTO changed (kind, id, added, source, external_id) SELECT 'review', id, added, source, external_id FROM written
)
SELECT (SELECT count(*) FROM last), count(*) FILTER (WHERE added), count(*) FILTER (WHERE NOT added) FROM written
