-- Writes the staged target_areas that differ from what is stored. Made by 'make
-- generate' from the kind's fields; the last row of the file that names a
-- record counts.
-- @source, @run.
-- Index: target_area (source, external_id).
WITH last AS MATERIALIZED (
  SELECT DISTINCT ON (s.own_source, s.external_id) s.own_source, s.external_id, s.doc AS d, raw.ref_source(s.doc->>'set') AS set_source, raw.ref_id(s.doc->>'set') AS set_ref
  FROM staged s
  WHERE s.kind = 'target_area' AND s.reason IS NULL
  ORDER BY s.own_source, s.external_id, s.n DESC
), given AS (
  SELECT g.own_source, g.external_id,
         ref_set.id AS set_id,
         (d->>'label') AS label,
         ARRAY(SELECT jsonb_array_elements_text(COALESCE(d->'areas', '[]'))) AS areas
  FROM last g
  LEFT JOIN raw.target_area_set ref_set ON (ref_set.source, ref_set.external_id) = (g.set_source, g.set_ref)
), written AS (
  INSERT INTO raw.target_area AS t (source, external_id, run_id, updated_at, set_id, label, areas)
  SELECT own_source, external_id, @run::uuid, now(), set_id, label, areas FROM given
  ON CONFLICT (source, external_id) DO UPDATE SET run_id = EXCLUDED.run_id, updated_at = EXCLUDED.updated_at,
    set_id = EXCLUDED.set_id, label = EXCLUDED.label, areas = EXCLUDED.areas
  WHERE ROW(t.set_id, t.label, t.areas)
    IS DISTINCT FROM ROW(EXCLUDED.set_id, EXCLUDED.label, EXCLUDED.areas)
  RETURNING t.id, t.xmax = 0 AS added, t.source, t.external_id
), note AS (
  INSERT INTO changed (kind, id, added, source, external_id) SELECT 'target_area', id, added, source, external_id FROM written
)
SELECT (SELECT count(*) FROM last), count(*) FILTER (WHERE added), count(*) FILTER (WHERE NOT added) FROM written
