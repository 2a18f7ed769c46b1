-- Assigns every row of "located" to a territory and an area: by the code
-- given, else by the postcode's own codes, else by the polygon that holds its
-- spot, else by the nearest one. A code of a territory that has ended means the
-- one that took over. Makes "assigned".
-- @territory_set, @area_set: boundary sets; @nests: areas nest in territories,
-- so that the area tells the territory.
-- The conditions stand inside the LATERALs, where they spare the search; in an
-- ON they would only filter what it found.
-- Index: shape_piece_geom.
CREATE TEMP TABLE assigned ON COMMIT DROP AS
SELECT l.n, found.territory_id AS found_territory, found.metres,
       COALESCE(given.now, posted.now, found.territory_id) AS territory_id,
       CASE
         WHEN EXISTS (SELECT FROM pub.shape sh WHERE sh.set_id = @area_set::integer AND sh.code = l.given_area) THEN l.given_area
         WHEN EXISTS (SELECT FROM pub.shape sh WHERE sh.set_id = @area_set::integer AND sh.code = l.postcode_area) THEN l.postcode_area
         WHEN a.territory_id = COALESCE(given.now, posted.now, found.territory_id) THEN a.code
       END AS area_code,
       CASE WHEN given.now <> found.territory_id THEN (
         SELECT min(ST_Distance(g.geom::geography, l.spot::geography))
         FROM pub.shape_piece g WHERE g.set_id = @territory_set::integer AND g.code = given.now)
       END AS metres_from_given
FROM located l
LEFT JOIN pub.territory_now given ON given.id = l.given_territory
LEFT JOIN pub.territory_now posted ON posted.id = l.postcode_territory
LEFT JOIN LATERAL (
  SELECT sp.code, sh.territory_id
  FROM pub.shape_piece sp JOIN pub.shape sh ON sh.set_id = sp.set_id AND sh.code = sp.code
  WHERE l.spot IS NOT NULL AND sp.set_id = @area_set::integer AND ST_Intersects(sp.geom, l.spot)
  ORDER BY sp.code LIMIT 1
) a ON true
LEFT JOIN LATERAL (
  SELECT sp.code
  FROM pub.shape_piece sp
  WHERE l.spot IS NOT NULL AND NOT (@nests::boolean AND a.code IS NOT NULL)
    AND sp.set_id = @territory_set::integer AND ST_Intersects(sp.geom, l.spot)
  ORDER BY sp.code LIMIT 1
) t ON true
LEFT JOIN LATERAL (
  SELECT sp.code, ST_Distance(sp.geom::geography, l.spot::geography) AS metres
  FROM pub.shape_piece sp
  WHERE l.spot IS NOT NULL AND t.code IS NULL AND NOT (@nests::boolean AND a.code IS NOT NULL)
    AND sp.set_id = @territory_set::integer
  ORDER BY sp.geom <-> l.spot LIMIT 1
) near ON true
CROSS JOIN LATERAL (
  SELECT COALESCE(CASE WHEN @nests::boolean THEN a.territory_id END, t.code, near.code) AS territory_id,
         CASE WHEN COALESCE(CASE WHEN @nests::boolean THEN a.code END, t.code) IS NOT NULL THEN 0 ELSE near.metres END AS metres
) found
