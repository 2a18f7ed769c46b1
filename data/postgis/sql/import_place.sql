-- Joins what was staged, located and assigned, and says why a row cannot be
-- placed. Makes "placed"; problem is null for a good row.
-- @near: metres that a position may lie from its territory, as coasts and
-- borders are drawn with less than perfect accuracy; @territory_set, @area_set.
CREATE TEMP TABLE placed ON COMMIT DROP AS
SELECT s.n, s.line, s.external_id, s.name, s.summary, s.url, s.provider, s.provider_key, s.themes, s.measures,
       s.status, s.role, s.class, s.class_reasons, s.postcode, s.outcode, s.locality, s.given_area, s.given_territory, s.place_key,
       -- A centre of a postcode or outward code is the reference's, not the
       -- place's: it is found again when boundaries or postcodes change.
       l.geom, l.cell, l.method, a.territory_id, a.area_code,
       CASE l.method
         WHEN 'coordinates' THEN 0
         WHEN 'postcode' THEN 100
         WHEN 'outcode' THEN 5000
         WHEN 'polygon' THEN ceil(sqrt(ST_Area(l.geom::geography) / pi()))::integer
         WHEN 'code' THEN (SELECT sh.radius_m FROM pub.shape sh
                           WHERE (sh.set_id, sh.code) IN ((@area_set::integer, a.area_code), (@territory_set::integer, a.territory_id))
                           ORDER BY sh.set_id = @area_set::integer DESC LIMIT 1)
       END AS precision_m,
       problem.field, problem.value, problem.reason
FROM stage s
JOIN located l USING (n)
JOIN assigned a USING (n)
LEFT JOIN LATERAL (
  SELECT s.problem_field AS field, s.problem_value AS value, s.problem_reason AS reason
  WHERE s.problem_reason IS NOT NULL
  UNION ALL
  SELECT 'postcode', s.postcode,
         'the postcode is not known: check it, or load a newer list with "tributary import postcodes"'
  WHERE l.postcode_unknown
  UNION ALL
  SELECT 'postcode', s.outcode, 'the outward code is not known: check it, or load a list with "tributary import postcodes"'
  WHERE l.outcode_unknown
  UNION ALL
  SELECT 'latitude', ST_X(l.spot)::text || ' ' || ST_Y(l.spot)::text,
         format('the position lies %s km from the nearest police territory: correct it', round(a.metres / 1000))
  WHERE a.metres > @near AND l.method IN ('coordinates', 'polygon')
  UNION ALL
  SELECT 'territory', s.given_territory,
         format('the position lies in %s, %s km from the territory given: correct one of the two', a.found_territory, round(a.metres_from_given / 1000))
  WHERE a.metres_from_given > @near AND l.method IN ('coordinates', 'polygon')
  UNION ALL
  SELECT 'geometry', NULL, 'the outline crosses itself: mend it, or give a point'
  WHERE l.method = 'polygon' AND NOT ST_IsValid(l.geom)
  LIMIT 1
) problem ON true
