-- Writes the staged adoptions that differ from what is stored. Made by 'make
-- generate' from the kind's fields; the last row of the file that names a
-- record counts.
-- @source, @run.
-- Index: adoption (source, external_id).
WITH last AS MATERIALIZED (
  SELECT DISTINCT ON (s.own_source, s.external_id) s.own_source, s.external_id, s.doc AS d, raw.ref_source(s.doc->>'organisation') AS organisation_source, raw.ref_id(s.doc->>'organisation') AS organisation_ref
  FROM staged s
  WHERE s.kind = 'adoption' AND s.reason IS NULL
  ORDER BY s.own_source, s.external_id, s.n DESC
), given AS (
  SELECT g.own_source, g.external_id,
         ref_organisation.id AS organisation_id,
         (d->>'plan') AS plan,
         (d->>'extent') AS extent,
         ARRAY(SELECT jsonb_array_elements_text(COALESCE(d->'measures', '[]'))) AS measures,
         (d->>'mutual')::boolean AS mutual,
         (d->>'adopted_on')::date AS adopted_on,
         (d->>'ended_on')::date AS ended_on,
         (d->>'report_due_on')::date AS report_due_on
  FROM last g
  LEFT JOIN raw.organisation ref_organisation ON (ref_organisation.source, ref_organisation.external_id) = (g.organisation_source, g.organisation_ref)
), written AS (
  INSERT INTO raw.adoption AS t (source, external_id, run_id, updated_at, organisation_id, plan, extent, measures, mutual, adopted_on, ended_on, report_due_on)
  SELECT own_source, external_id, @run::uuid, now(), organisation_id, plan, extent, measures, mutual, adopted_on, ended_on, report_due_on FROM given
  ON CONFLICT (source, external_id) DO UPDATE SET run_id = EXCLUDED.run_id, updated_at = EXCLUDED.updated_at,
    organisation_id = EXCLUDED.organisation_id, plan = EXCLUDED.plan, extent = EXCLUDED.extent, measures = EXCLUDED.measures, mutual = EXCLUDED.mutual, adopted_on = EXCLUDED.adopted_on, ended_on = EXCLUDED.ended_on, report_due_on = EXCLUDED.report_due_on
  WHERE ROW(t.organisation_id, t.plan, t.extent, t.measures, t.mutual, t.adopted_on, t.ended_on, t.report_due_on)
    IS DISTINCT FROM ROW(EXCLUDED.organisation_id, EXCLUDED.plan, EXCLUDED.extent, EXCLUDED.measures, EXCLUDED.mutual, EXCLUDED.adopted_on, EXCLUDED.ended_on, EXCLUDED.report_due_on)
  RETURNING t.id, t.xmax = 0 AS added, t.source, t.external_id
), note AS (
  INSERT INTO changed (kind, id, added, source, external_id) SELECT 'adoption', id, added, source, external_id FROM written
)
SELECT (SELECT count(*) FROM last), count(*) FILTER (WHERE added), count(*) FILTER (WHERE NOT added) FROM written
