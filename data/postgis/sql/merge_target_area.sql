-- Writes the staged target_areas that differ from what is stored. Made by 'make
-- generate' from the kind's fields; the last row of the file that names a
-- record counts.
-- @source, @run.
-- Index: target_area (source, external_id).
WITH given AS (
  SELECT DISTINCT ON (s.own_source, s.external_id) s.own_source, s.external_id,
         ref_set.id AS set_id,
         (d->>'label') AS label,
         ARRAY(SELECT jsonb_array_elements_text(COALESCE(d->'areas', '[]'))) AS areas
  FROM staged s CROSS JOIN LATERAL (SELECT s.doc AS d) x
  LEFT JOIN raw.target_area_set ref_set ON (ref_set.source, ref_set.external_id) = (raw.ref_source(d->>'set'), raw.ref_id(d->>'set'))
    WHERE s.kind = 'target_area' AND s.reason IS NULL
  ORDER BY s.own_source, s.external_id, s.n DESC
), written AS (
  INSERT INTO raw.target_area AS t (source, external_id, run_id, updated_at, set_id, label, areas)
  SELECT own_source, external_id, @run::uuid, now(), set_id, label, areas FROM given
  ON CONFLICT (source, external_id) DO UPDATE SET run_id = EXCLUDED.run_id, updated_at = EXCLUDED.updated_at,
    set_id = EXCLUDED.set_id, label = EXCLUDED.label, areas = EXCLUDED.areas
  WHERE ROW(t.set_id, t.label, t.areas)
    IS DISTINCT FROM ROW(EXCLUDED.set_id, EXCLUDED.label, EXCLUDED.areas)
  RETURNING t.id, t.xmax = 0 AS added
), note AS (
  INSERT INTO changed (kind, id, added) SELECT 'target_area', id, added FROM written
)
SELECT (SELECT count(*) FROM given), count(*) FILTER (WHERE added), count(*) FILTER (WHERE NOT added) FROM written
