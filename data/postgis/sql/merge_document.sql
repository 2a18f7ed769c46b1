-- Writes the staged documents that differ from what is stored. Made by 'make
-- generate' from the kind's fields; the last row of the file that names a
-- record counts.
-- @source, @run.
-- Index: document (source, external_id).
WITH last AS MATERIALIZED (
  SELECT DISTINCT ON (s.own_source, s.external_id) s.own_source, s.external_id, s.doc AS d, raw.ref_source(s.doc->>'organisation') AS organisation_source, raw.ref_id(s.doc->>'organisation') AS organisation_ref, raw.ref_source(s.doc->>'activity') AS activity_source, raw.ref_id(s.doc->>'activity') AS activity_ref
  FROM staged s
  WHERE s.kind = 'document' AND s.reason IS NULL
  ORDER BY s.own_source, s.external_id, s.n DESC
), given AS (
  SELECT g.own_source, g.external_id,
         (d->>'kind') AS kind,
         (d->>'title') AS title,
         (d->>'url') AS url,
         ref_organisation.id AS organisation_id,
         ref_activity.id AS activity_id,
         (d->>'territory') AS territory,
         (d->>'region') AS region,
         ARRAY(SELECT jsonb_array_elements_text(COALESCE(d->'measures', '[]'))) AS measures,
         (d->>'clause') AS clause,
         (d->>'year')::integer AS year,
         (d->>'published_on')::date AS published_on,
         (d->>'consent') AS consent,
         (d->>'text') AS text
  FROM last g
  LEFT JOIN raw.organisation ref_organisation ON (ref_organisation.source, ref_organisation.external_id) = (g.organisation_source, g.organisation_ref)
  LEFT JOIN raw.activity ref_activity ON (ref_activity.source, ref_activity.external_id) = (g.activity_source, g.activity_ref)
), written AS (
  INSERT INTO raw.document AS t (source, external_id, run_id, updated_at, kind, title, url, organisation_id, activity_id, territory, region, measures, clause, year, published_on, consent, text)
  SELECT own_source, external_id, @run::uuid, now(), kind, title, url, organisation_id, activity_id, territory, region, measures, clause, year, published_on, consent, text FROM given
  ON CONFLICT (source, external_id) DO UPDATE SET run_id = EXCLUDED.run_id, updated_at = EXCLUDED.updated_at,
    kind = EXCLUDED.kind, title = EXCLUDED.title, url = EXCLUDED.url, organisation_id = EXCLUDED.organisation_id, activity_id = EXCLUDED.activity_id, territory = EXCLUDED.territory, region = EXCLUDED.region, measures = EXCLUDED.measures, clause = EXCLUDED.clause, year = EXCLUDED.year, published_on = EXCLUDED.published_on, consent = EXCLUDED.consent, text = EXCLUDED.text
  WHERE ROW(t.kind, t.title, t.url, t.organisation_id, t.activity_id, t.territory, t.region, t.measures, t.clause, t.year, t.published_on, t.consent, t.text)
    IS DISTINCT FROM ROW(EXCLUDED.kind, EXCLUDED.title, EXCLUDED.url, EXCLUDED.organisation_id, EXCLUDED.activity_id, EXCLUDED.territory, EXCLUDED.region, EXCLUDED.measures, EXCLUDED.clause, EXCLUDED.year, EXCLUDED.published_on, EXCLUDED.consent, EXCLUDED.text)
  RETURNING t.id, t.xmax = 0 AS added, t.source, t.external_id
), note AS (
  INSERT INTO changed (kind, id, added, source, external_id) SELECT 'document', id, added, source, external_id FROM written
)
SELECT (SELECT count(*) FROM last), count(*) FILTER (WHERE added), count(*) FILTER (WHERE NOT added) FROM written
