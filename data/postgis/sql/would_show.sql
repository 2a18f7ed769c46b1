-- What anyone would see of an activity that this transaction has written: its
-- class, why the class was raised, and its places as they are shown; no places
-- for one that is counted only.
-- @source, @id.
-- Index: activity (source, external_id), place (activity_id).
SELECT a.class,
       ARRAY(SELECT DISTINCT unnest(p.class_reasons) FROM raw.place p WHERE p.activity_id = a.id ORDER BY 1),
       COALESCE((SELECT jsonb_agg(jsonb_strip_nulls(jsonb_build_object(
          'level', p.level,
          'position', CASE WHEN p.level IN ('exact', 'cell') THEN jsonb_build_array(
             round(ST_X(ST_Transform(p.geom, 4326))::numeric, 6), round(ST_Y(ST_Transform(p.geom, 4326))::numeric, 6)) END,
          'cell', CASE WHEN p.level = 'cell' THEN to_hex(p.cell) END,
          'area', p.area_code, 'territory', p.territory_id, 'region', p.region_code)) ORDER BY s.place_key)
        FROM pub.place p JOIN raw.place s ON s.id = p.id WHERE p.activity_id = a.id), '[]'::jsonb)
FROM raw.activity a
WHERE a.source = @source AND a.external_id = @id
