-- An activity as it is stored, by column, one row a place: what its rows in a
-- file would say again.
-- @source, @id.
-- Index: activity (source, external_id), place (activity_id, place_key).
SELECT jsonb_strip_nulls(jsonb_build_object(
         'id', a.external_id,
         'name', a.name,
         'summary', NULLIF(a.summary, ''),
         'url', NULLIF(a.url, ''),
         'provider', o.name,
         'provider_id', CASE WHEN o.external_id NOT LIKE 'name:%' AND o.source IN (a.source, 'org-id') THEN o.external_id END,
         'themes', a.themes,
         'measures', a.measures,
         'status', a.status,
         'role', p.role,
         'class', 's' || p.class,
         'area_code', p.given_area,
         'territory', p.given_territory,
         'latitude', CASE WHEN p.method = 'coordinates' THEN ST_Y(p.geom) END,
         'longitude', CASE WHEN p.method = 'coordinates' THEN ST_X(p.geom) END,
         'postcode', COALESCE(p.postcode, p.outcode),
         'locality', p.locality,
         'ground', CASE WHEN p.method = 'polygon' THEN ST_AsGeoJSON(p.geom, 15) END))
FROM raw.activity a
JOIN raw.organisation o ON o.id = a.provider_id
JOIN raw.place p ON p.activity_id = a.id
WHERE a.source = @source AND a.external_id = @id
ORDER BY p.place_key
