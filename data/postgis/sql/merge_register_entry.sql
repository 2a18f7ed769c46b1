-- Writes the staged register_entries that differ from what is stored. Made by 'make
-- generate' from the kind's fields; the last row of the file that names a
-- record counts.
-- @source, @run.
-- Index: register_entry (source, external_id).
WITH last AS MATERIALIZED (
  SELECT DISTINCT ON (s.own_source, s.external_id) s.own_source, s.external_id, s.doc AS d, raw.ref_source(s.doc->>'organisation') AS organisation_source, raw.ref_id(s.doc->>'organisation') AS organisation_ref
  FROM staged s
  WHERE s.kind = 'register_entry' AND s.reason IS NULL
  ORDER BY s.own_source, s.external_id, s.n DESC
), given AS (
  SELECT g.own_source, g.external_id,
         ref_organisation.id AS organisation_id,
         (d->>'territory') AS territory,
         (d->>'welcomes')::boolean AS welcomes,
         ARRAY(SELECT jsonb_array_elements_text(COALESCE(d->'types', '[]'))) AS types,
         ARRAY(SELECT jsonb_array_elements_text(COALESCE(d->'measures', '[]'))) AS measures,
         (d->>'note') AS note,
         (d->>'confirmed_on')::date AS confirmed_on,
         (d->>'review_due_on')::date AS review_due_on
  FROM last g
  LEFT JOIN raw.organisation ref_organisation ON (ref_organisation.source, ref_organisation.external_id) = (g.organisation_source, g.organisation_ref)
), written AS (
  INSERT INTO raw.register_entry AS t (source, external_id, run_id, updated_at, organisation_id, territory, welcomes, types, measures, note, confirmed_on, review_due_on)
  SELECT own_source, external_id, @run::uuid, now(), organisation_id, territory, welcomes, types, measures, note, confirmed_on, review_due_on FROM given
  ON CONFLICT (source, external_id) DO UPDATE SET run_id = EXCLUDED.run_id, updated_at = EXCLUDED.updated_at,
    organisation_id = EXCLUDED.organisation_id, territory = EXCLUDED.territory, welcomes = EXCLUDED.welcomes, types = EXCLUDED.types, measures = EXCLUDED.measures, note = EXCLUDED.note, confirmed_on = EXCLUDED.confirmed_on, review_due_on = EXCLUDED.review_due_on
  WHERE ROW(t.organisation_id, t.territory, t.welcomes, t.types, t.measures, t.note, t.confirmed_on, t.review_due_on)
    IS DISTINCT FROM ROW(EXCLUDED.organisation_id, EXCLUDED.territory, EXCLUDED.welcomes, EXCLUDED.types, EXCLUDED.measures, EXCLUDED.note, EXCLUDED.confirmed_on, EXCLUDED.review_due_on)
  RETURNING t.id, t.xmax = 0 AS added, t.source, t.external_id
), note AS (
  INSERT INTO changed (kind, id, added, source, external_id) SELECT 'register_entry', id, added, source, external_id FROM written
)
SELECT (SELECT count(*) FROM last), count(*) FILTER (WHERE added), count(*) FILTER (WHERE NOT added) FROM written
