-- Public target areas in force on @day with no validated activity in their
-- areas or within @km kilometres of them, and the nearest there is; and, with
-- another verdict, those of whose areas no outline is loaded. A place that is
-- shown by its area alone counts in that area, and has no distance.
-- Report arguments; @km.
-- Index: place (area_code), place (geom).
SELECT t.code, t.label, t.set_name, x.territories, x.names, CASE WHEN x.drawn THEN 'unreached' ELSE 'not drawn' END, round(near.km::numeric, 1)::float8, near.id::text, near.name
FROM pub.target_area t
CROSS JOIN LATERAL (
  SELECT COALESCE(array_agg(DISTINCT COALESCE(sh.territory_id, d.territory_id)) FILTER (WHERE COALESCE(sh.territory_id, d.territory_id) IS NOT NULL), '{}') AS territories,
         array_agg(COALESCE(sh.name, d.name, c.code) ORDER BY c.code) AS names, max(sh.set_id) AS set_id, bool_and(sh.code IS NOT NULL) AS drawn
  FROM unnest(t.areas) c (code)
  LEFT JOIN pub.boundary_set s ON s.current AND s.kind IN ('county_or_unitary', 'district')
  LEFT JOIN pub.shape sh ON sh.set_id = s.id AND sh.code = c.code
  LEFT JOIN pub.district d ON d.code = c.code
) x
LEFT JOIN LATERAL (
  SELECT l.km, l.id, l.name
  FROM pub.shape_piece sp
  CROSS JOIN LATERAL (
    SELECT ST_Distance(sp.geom::geography, ST_Transform(p.geom, 4326)::geography) / 1000 AS km, a.id, a.name
    FROM pub.place p
    JOIN pub.activity a ON a.id = p.activity_id AND a.status = 'validated' AND (@themes::text[] IS NULL OR a.themes && @themes)
    WHERE p.level IN ('exact', 'cell') AND p.role IN ('delivery', 'service_area')
    ORDER BY p.geom <-> ST_Transform(sp.geom, 3857)
    LIMIT 1 -- the nearest of each piece
  ) l
  WHERE sp.set_id = x.set_id AND sp.code = ANY (t.areas)
  ORDER BY l.km, l.name, l.id
  LIMIT 1 -- the nearest of all
) near ON true
WHERE t.valid_from <= @day AND t.valid_to > @day
  AND (@territories::text[] IS NULL OR x.territories && @territories)
  AND (@regions::text[] IS NULL OR EXISTS (SELECT FROM pub.territory r WHERE r.id = ANY (x.territories) AND r.region_code = ANY (@regions)))
  AND (near.km IS NULL OR near.km > @km::float8)
  AND NOT EXISTS (
    SELECT FROM pub.place p
    JOIN pub.activity a ON a.id = p.activity_id AND a.status = 'validated' AND (@themes::text[] IS NULL OR a.themes && @themes)
    WHERE p.area_code = ANY (t.areas) AND p.role IN ('delivery', 'service_area'))
ORDER BY x.drawn DESC, near.km DESC NULLS FIRST, t.label, t.code
