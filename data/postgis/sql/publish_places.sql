-- Writes the public places of the touched activities, each no finer than the
-- activity's class and the way it was placed allow.
-- @territory_set, @area_set.
INSERT INTO pub.place (id, activity_id, role, level, geom, cell, territory_id, region_code, area_code, locality, method, precision_m)
SELECT p.id, p.activity_id, p.role, l.level,
       CASE l.level
         WHEN 'exact' THEN ST_Transform(CASE WHEN GeometryType(p.geom) = 'POINT' THEN p.geom ELSE ST_PointOnSurface(p.geom) END, 3857)
         WHEN 'cell' THEN s.geom
         WHEN 'area' THEN area.label
         ELSE territory.label END,
       CASE l.level WHEN 'exact' THEN p.cell WHEN 'cell' THEN s.cell END,
       p.territory_id, p.region_code, p.area_code,
       CASE WHEN l.level = 'exact' THEN p.locality END, p.method,
       -- How well a place was located could tell where in its cell it lies.
       CASE l.level
         WHEN 'exact' THEN p.precision_m
         WHEN 'cell' THEN 500
         WHEN 'area' THEN area.radius_m
         ELSE territory.radius_m END
FROM touched t
JOIN raw.activity a ON a.id = t.activity_id AND a.class < 3 AND a.status NOT IN ('draft', 'suspended')
JOIN raw.place p ON p.activity_id = a.id
JOIN pub.shape territory ON territory.set_id = @territory_set::integer AND territory.code = p.territory_id
LEFT JOIN pub.shape area ON area.set_id = @area_set::integer AND area.code = p.area_code
LEFT JOIN spot s ON a.class = 1 AND s.cell = ((p.cell & ~(15::bigint << 52)) | (8::bigint << 52) | (7::bigint << 18))
  AND s.territory_id = p.territory_id AND s.area_code IS NOT DISTINCT FROM p.area_code
CROSS JOIN LATERAL (
  SELECT CASE
    WHEN a.class = 0 AND p.method IN ('coordinates', 'postcode', 'polygon') AND p.cell IS NOT NULL THEN 'exact'
    WHEN a.class = 1 AND p.method IN ('coordinates', 'postcode') AND s.geom IS NOT NULL THEN 'cell'
    WHEN p.area_code IS NOT NULL THEN 'area'
    ELSE 'territory' END AS level
) l
