-- One of the measures as it is stored, by column. Made by 'make generate'.
-- @source, @id.
-- Index: measure (source, external_id).
SELECT jsonb_strip_nulls(jsonb_build_object(
         'id', r.external_id,
         'priority', r.priority,
         'name', r.name,
         'types', r.types,
         'units', r.units,
         'beneficiaries', r.beneficiaries,
         'pillar', r.pillar,
         'target_area', r.target_area,
         'in_territory', r.in_territory,
         'class', r.class,
         'class_note', r.class_note,
         'frameworks', r.frameworks,
         'position', r.position))
FROM raw.measure r
WHERE r.source = @source AND r.external_id = @id
