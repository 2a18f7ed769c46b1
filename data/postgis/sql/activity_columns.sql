  a.id::text, a.name, a.summary, a.url, o.id::text, o.name, a.themes, a.measures, a.status, a.source, a.updated_at,
  (SELECT jsonb_agg(jsonb_strip_nulls(jsonb_build_object(
     'id', p.id, 'role', p.role, 'level', p.level,
     'position', CASE WHEN p.level IN ('exact', 'cell') THEN jsonb_build_array(
        round(ST_X(ST_Transform(p.geom, 4326))::numeric, 6), round(ST_Y(ST_Transform(p.geom, 4326))::numeric, 6)) END,
     'cell', CASE WHEN p.level = 'cell' THEN to_hex(p.cell) END,
     'locality', p.locality, 'area', p.area_code, 'territory', p.territory_id, 'region', p.region_code,
     'method', p.method, 'precision_metres', p.precision_m)) ORDER BY p.role, p.id)
   FROM pub.place p WHERE p.activity_id = a.id)
