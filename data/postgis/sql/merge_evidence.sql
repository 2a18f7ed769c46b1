-- Writes the staged evidence that differ from what is stored. Made by 'make
-- generate' from the kind's fields; the last row of the file that names a
-- record counts.
-- @source, @run.
-- Index: evidence (source, external_id).
WITH last AS MATERIALIZED (
  SELECT DISTINCT ON (s.own_source, s.external_id) s.own_source, s.external_id, s.doc AS d, raw.ref_source(s.doc->>'contribution') AS contribution_source, raw.ref_id(s.doc->>'contribution') AS contribution_ref, raw.ref_source(s.doc->>'confirmed_by') AS confirmed_by_source, raw.ref_id(s.doc->>'confirmed_by') AS confirmed_by_ref
  FROM staged s
  WHERE s.kind = 'evidence' AND s.reason IS NULL
  ORDER BY s.own_source, s.external_id, s.n DESC
), given AS (
  SELECT g.own_source, g.external_id,
         ref_contribution.id AS contribution_id,
         (d->>'kind') AS kind,
         (d->>'uri') AS uri,
         (d->>'sha256') AS sha256,
         (d->>'captured_on')::date AS captured_on,
         ref_confirmed_by.id AS confirmed_by_id
  FROM last g
  LEFT JOIN raw.contribution ref_contribution ON (ref_contribution.source, ref_contribution.external_id) = (g.contribution_source, g.contribution_ref)
  LEFT JOIN raw.organisation ref_confirmed_by ON (ref_confirmed_by.source, ref_confirmed_by.external_id) = (g.confirmed_by_source, g.confirmed_by_ref)
), written AS (
  INSERT INTO raw.evidence AS t (source, external_id, run_id, updated_at, contribution_id, kind, uri, sha256, captured_on, confirmed_by_id)
  SELECT own_source, external_id, @run::uuid, now(), contribution_id, kind, uri, sha256, captured_on, confirmed_by_id FROM given
  ON CONFLICT (source, external_id) DO UPDATE SET run_id = EXCLUDED.run_id, updated_at = EXCLUDED.updated_at,
    contribution_id = EXCLUDED.contribution_id, kind = EXCLUDED.kind, uri = EXCLUDED.uri, sha256 = EXCLUDED.sha256, captured_on = EXCLUDED.captured_on, confirmed_by_id = EXCLUDED.confirmed_by_id
  WHERE ROW(t.contribution_id, t.kind, t.uri, t.sha256, t.captured_on, t.confirmed_by_id)
    IS DISTINCT FROM ROW(EXCLUDED.contribution_id, EXCLUDED.kind, EXCLUDED.uri, EXCLUDED.sha256, EXCLUDED.captured_on, EXCLUDED.confirmed_by_id)
  RETURNING t.id, t.xmax = 0 AS added, t.source, t.external_id
), note AS (
  INSERT INTO changed (kind, id, added, source, external_id) SELECT 'evidence', id, added, source, external_id FROM written
)
SELECT (SELECT count(*) FROM last), count(*) FILTER (WHERE added), count(*) FILTER (WHERE NOT added) FROM written
