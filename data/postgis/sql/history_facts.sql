-- Where the subjects' facts lay under a set that was in force before, where
-- that is not where they lie now: by the code given, by polygon, by the nearest
-- within @near metres, by the district's own territory, under the same code if
-- the set has it. Of a secret one nothing else is told.
-- @set, @territory: of territories, else of areas; @near.
-- Index: shape_piece_geom.
INSERT INTO pub.fact_was (set_id, fact_id, code)
SELECT @set::integer, s.fact_id, x.code
FROM (
  SELECT a.fact_id, a.geom AS spot, a.given, c.class = 's3' AS secret,
         CASE WHEN @territory::boolean THEN f.territory_id ELSE f.area_code END AS now, f.level
  FROM part a
  JOIN subject c USING (contribution_id)
  JOIN pub.fact f ON f.id = a.fact_id
) s
CROSS JOIN LATERAL (
  SELECT CASE WHEN s.secret THEN (SELECT sh.code FROM pub.shape sh WHERE sh.set_id = @set::integer AND sh.code = s.now) ELSE COALESCE(
    (SELECT sh.code FROM pub.shape sh WHERE sh.set_id = @set::integer AND sh.code = s.given),
    (SELECT sp.code FROM pub.shape_piece sp WHERE s.spot IS NOT NULL AND sp.set_id = @set::integer AND ST_Intersects(sp.geom, s.spot) ORDER BY sp.code LIMIT 1),
    (SELECT n.code FROM (SELECT sp.code, sp.geom FROM pub.shape_piece sp WHERE s.spot IS NOT NULL AND @territory::boolean AND sp.set_id = @set::integer ORDER BY sp.geom <-> s.spot LIMIT 1) n
     WHERE ST_Distance(n.geom::geography, s.spot::geography) <= @near::float8),
    (SELECT sh.code FROM pub.district d JOIN pub.shape sh ON sh.set_id = @set::integer AND sh.code = d.territory_id WHERE @territory::boolean AND d.code = s.given),
    (SELECT sh.code FROM pub.shape sh WHERE sh.set_id = @set::integer AND sh.code = s.now)) END AS code
) x
WHERE x.code IS DISTINCT FROM s.now AND (@territory::boolean OR s.level IN ('exact', 'cell', 'area'))
ON CONFLICT (set_id, fact_id) DO UPDATE SET code = EXCLUDED.code
