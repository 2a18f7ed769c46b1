-- Writes the staged measures that differ from what is stored. Made by 'make
-- generate' from the kind's fields; the last row of the file that names a
-- record counts.
-- @source, @run.
-- Index: measure (source, external_id).
WITH last AS MATERIALIZED (
  SELECT DISTINCT ON (s.own_source, s.external_id) s.own_source, s.external_id, s.doc AS d
  FROM staged s
  WHERE s.kind = 'measure' AND s.reason IS NULL
  ORDER BY s.own_source, s.external_id, s.n DESC
), given AS (
  SELECT g.own_source, g.external_id,
         (d->>'priority') AS priority,
         (d->>'name') AS name,
         ARRAY(SELECT jsonb_array_elements_text(COALESCE(d->'types', '[]'))) AS types,
         ARRAY(SELECT jsonb_array_elements_text(COALESCE(d->'units', '[]'))) AS units,
         ARRAY(SELECT jsonb_array_elements_text(COALESCE(d->'beneficiaries', '[]'))) AS beneficiaries,
         (d->>'pillar') AS pillar,
         (d->>'target_area') AS target_area,
         (d->>'in_territory')::boolean AS in_territory,
         (d->>'class') AS class,
         (d->>'class_note') AS class_note,
         ARRAY(SELECT jsonb_array_elements_text(COALESCE(d->'frameworks', '[]'))) AS frameworks,
         (d->>'position')::integer AS position
  FROM last g
), written AS (
  INSERT INTO raw.measure AS t (source, external_id, run_id, updated_at, priority, name, types, units, beneficiaries, pillar, target_area, in_territory, class, class_note, frameworks, position)
  SELECT own_source, external_id, @run::uuid, now(), priority, name, types, units, beneficiaries, pillar, target_area, in_territory, class, class_note, frameworks, position FROM given
  ON CONFLICT (source, external_id) DO UPDATE SET run_id = EXCLUDED.run_id, updated_at = EXCLUDED.updated_at,
    priority = EXCLUDED.priority, name = EXCLUDED.name, types = EXCLUDED.types, units = EXCLUDED.units, beneficiaries = EXCLUDED.beneficiaries, pillar = EXCLUDED.pillar, target_area = EXCLUDED.target_area, in_territory = EXCLUDED.in_territory, class = EXCLUDED.class, class_note = EXCLUDED.class_note, frameworks = EXCLUDED.frameworks, position = EXCLUDED.position
  WHERE ROW(t.priority, t.name, t.types, t.units, t.beneficiaries, t.pillar, t.target_area, t.in_territory, t.class, t.class_note, t.frameworks, t.position)
    IS DISTINCT FROM ROW(EXCLUDED.priority, EXCLUDED.name, EXCLUDED.types, EXCLUDED.units, EXCLUDED.beneficiaries, EXCLUDED.pillar, EXCLUDED.target_area, EXCLUDED.in_territory, EXCLUDED.class, EXCLUDED.class_note, EXCLUDED.frameworks, EXCLUDED.position)
  RETURNING t.id, t.xmax = 0 AS added, t.source, t.external_id
), note AS (
  INSERT INTO changed (kind, id, added, source, external_id) SELECT 'measure', id, added, source, external_id FROM written
)
SELECT (SELECT count(*) FROM last), count(*) FILTER (WHERE added), count(*) FILTER (WHERE NOT added) FROM written
