-- Publishes the measures.
INSERT INTO pub.measure (code, priority_code, name, types, units, beneficiaries, pillar, target_area, in_territory, class, class_note, frameworks, position)
SELECT external_id, priority, name, types, units, beneficiaries, pillar, target_area, in_territory, substr(class, 2)::smallint, class_note, frameworks, COALESCE(position, 0) FROM raw.measure
ON CONFLICT (code) DO UPDATE SET priority_code = EXCLUDED.priority_code, name = EXCLUDED.name, types = EXCLUDED.types, units = EXCLUDED.units,
  beneficiaries = EXCLUDED.beneficiaries, pillar = EXCLUDED.pillar, target_area = EXCLUDED.target_area, in_territory = EXCLUDED.in_territory,
  class = EXCLUDED.class, class_note = EXCLUDED.class_note, frameworks = EXCLUDED.frameworks, position = EXCLUDED.position
