-- Where the places of touched activities lay under a set that was in force
-- before: by the code given, by polygon, by the nearest within @near metres; a
-- secret place, which has no position, under the same code if the set has it.
-- @set, @territory: of territories, else of areas; @near.
-- Index: shape_piece_geom.
WITH subject AS (
  SELECT p.id, CASE WHEN GeometryType(p.geom) = 'POINT' THEN p.geom ELSE ST_PointOnSurface(p.geom) END AS spot,
         CASE WHEN @territory::boolean THEN p.given_territory ELSE p.given_area END AS given, CASE WHEN @territory::boolean THEN p.territory_id ELSE p.area_code END AS now, p.geom IS NULL AS nowhere
  FROM touched t JOIN raw.place p ON p.activity_id = t.activity_id
  WHERE p.geom IS NOT NULL OR NOT EXISTS (SELECT FROM raw.assignment w WHERE w.place_id = p.id AND w.set_id = @set::integer)
), gone AS (
  DELETE FROM raw.assignment w USING subject s WHERE w.place_id = s.id AND w.set_id = @set::integer
)
INSERT INTO raw.assignment (place_id, set_id, code)
SELECT s.id, @set::integer, x.code
FROM subject s
CROSS JOIN LATERAL (
  SELECT COALESCE(
    (SELECT sh.code FROM pub.shape sh WHERE sh.set_id = @set::integer AND sh.code = s.given),
    (SELECT sp.code FROM pub.shape_piece sp WHERE s.spot IS NOT NULL AND sp.set_id = @set::integer AND ST_Intersects(sp.geom, s.spot) ORDER BY sp.code LIMIT 1),
    (SELECT n.code FROM (SELECT sp.code, sp.geom FROM pub.shape_piece sp WHERE s.spot IS NOT NULL AND @territory::boolean AND sp.set_id = @set::integer ORDER BY sp.geom <-> s.spot LIMIT 1) n
     WHERE ST_Distance(n.geom::geography, s.spot::geography) <= @near::float8),
    (SELECT sh.code FROM pub.shape sh WHERE s.nowhere AND sh.set_id = @set::integer AND sh.code = s.now)) AS code
) x
WHERE x.code IS NOT NULL
ON CONFLICT (place_id, set_id) DO UPDATE SET code = EXCLUDED.code
