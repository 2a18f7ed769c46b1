-- Places, and a sample of parts, by coordinates: further than @near metres from
-- the territory that they are assigned to by the boundaries in force. A hundred
-- thousand parts or so are looked at.
-- @near, @percent: of the parts.
-- Index: shape_piece_geom, shape_piece (set_id, code).
WITH located AS (
  SELECT 'activity ' || a.source || '//' || a.external_id AS subject, p.territory_id, CASE WHEN GeometryType(p.geom) = 'POINT' THEN p.geom ELSE ST_PointOnSurface(p.geom) END AS spot
  FROM raw.place p JOIN raw.activity a ON a.id = p.activity_id
  WHERE p.geom IS NOT NULL AND p.method IN ('coordinates', 'polygon')
  UNION ALL
  SELECT 'contribution ' || s.contribution_id, s.territory_id, s.geom
  FROM raw.allocation s TABLESAMPLE SYSTEM (@percent::real) REPEATABLE (1)
  WHERE s.geom IS NOT NULL AND s.method = 'coordinates'
), inside AS MATERIALIZED (
  SELECT l.*
  FROM located l
  WHERE NOT EXISTS (
    SELECT FROM pub.boundary_set b JOIN pub.shape_piece g ON g.set_id = b.id
    WHERE b.current AND b.kind = 'territory' AND g.code = l.territory_id AND ST_Intersects(g.geom, l.spot))
)
SELECT i.subject, format('%s metres from %s', round(d.metres), i.territory_id)
FROM inside i
CROSS JOIN LATERAL (
  SELECT min(ST_Distance(g.geom::geography, i.spot::geography)) AS metres
  FROM pub.boundary_set b JOIN pub.shape_piece g ON g.set_id = b.id
  WHERE b.current AND b.kind = 'territory' AND g.code = i.territory_id
) d
WHERE d.metres > @near::float8 OR d.metres IS NULL
ORDER BY 1
