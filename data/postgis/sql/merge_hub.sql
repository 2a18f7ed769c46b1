-- Writes the staged hubs that differ from what is stored. Made by 'make
-- generate' from the kind's fields; the last row of the file that names a
-- record counts.
-- @source, @run.
-- Index: hub (source, external_id).
WITH last AS MATERIALIZED (
  SELECT DISTINCT ON (s.own_source, s.external_id) s.own_source, s.external_id, s.doc AS d, raw.ref_source(s.doc->>'host') AS host_source, raw.ref_id(s.doc->>'host') AS host_ref
  FROM staged s
  WHERE s.kind = 'hub' AND s.reason IS NULL
  ORDER BY s.own_source, s.external_id, s.n DESC
), given AS (
  SELECT g.own_source, g.external_id,
         (d->>'region') AS region,
         ref_host.id AS host_id,
         (d->>'lead') AS lead,
         (d->>'commissioned_on')::date AS commissioned_on,
         (d->>'ended_on')::date AS ended_on
  FROM last g
  LEFT JOIN raw.organisation ref_host ON (ref_host.source, ref_host.external_id) = (g.host_source, g.host_ref)
), written AS (
  INSERT INTO raw.hub AS t (source, external_id, run_id, updated_at, region, host_id, lead, commissioned_on, ended_on)
  SELECT own_source, external_id, @run::uuid, now(), region, host_id, lead, commissioned_on, ended_on FROM given
  ON CONFLICT (source, external_id) DO UPDATE SET run_id = EXCLUDED.run_id, updated_at = EXCLUDED.updated_at,
    region = EXCLUDED.region, host_id = EXCLUDED.host_id, lead = EXCLUDED.lead, commissioned_on = EXCLUDED.commissioned_on, ended_on = EXCLUDED.ended_on
  WHERE ROW(t.region, t.host_id, t.lead, t.commissioned_on, t.ended_on)
    IS DISTINCT FROM ROW(EXCLUDED.region, EXCLUDED.host_id, EXCLUDED.lead, EXCLUDED.commissioned_on, EXCLUDED.ended_on)
  RETURNING t.id, t.xmax = 0 AS added, t.source, t.external_id
), note AS (
  INSERT INTO changed (kind, id, added, source, external_id) SELECT 'hub', id, added, source, external_id FROM written
)
SELECT (SELECT count(*) FROM last), count(*) FILTER (WHERE added), count(*) FILTER (WHERE NOT added) FROM written
