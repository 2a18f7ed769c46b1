-- What a person may mean by a few words: territories, regions, areas, towns,
-- activities and organisations that anyone may see, whose name holds them, best first. A name that begins with
-- them comes before one that has them elsewhere; wider places before smaller.
-- @words: lower case, without LIKE's own characters; @limit.
WITH found AS (
  SELECT 'territory' AS kind, t.id, t.name, 'police territory in ' || r.name AS detail, t.id AS territory,
         t.name || ' ' || COALESCE(t.name_cy, '') || ' ' || t.force || ' ' || t.code AS words, 0 AS rank, 0 AS size, sh.label AS geom,
         sh.radius_m
  FROM pub.territory t JOIN pub.region r ON r.code = t.region_code
  JOIN pub.shape sh ON sh.code = t.id JOIN pub.boundary_set s ON s.id = sh.set_id AND s.current AND s.kind = 'territory'
  UNION ALL
  SELECT 'region', r.code, r.name, 'region or nation', NULL, r.name || ' ' || COALESCE(r.name_cy, '') || ' ' || r.code, 1, 0, sh.label, sh.radius_m
  FROM pub.region r JOIN pub.shape sh ON sh.code = r.code JOIN pub.boundary_set s ON s.id = sh.set_id AND s.current AND s.kind = 'region'
  UNION ALL
  SELECT 'area', sh.code, sh.name, CASE s.kind WHEN 'district' THEN 'district in ' ELSE 'county or unitary authority in ' END || t.name, t.id,
         sh.name || ' ' || COALESCE(sh.name_cy, '') || ' ' || sh.code, 2, 0, sh.label, sh.radius_m
  FROM pub.boundary_set s JOIN pub.shape sh ON sh.set_id = s.id JOIN pub.territory t ON t.id = sh.territory_id
  WHERE s.current AND s.kind IN ('county_or_unitary', 'district')
  UNION ALL
  SELECT 'town', w.id::text, w.name, 'in ' || COALESCE(t.name, 'the United Kingdom'), t.id, w.name, 3, -w.population, ST_Transform(w.geom, 3857), 2500
  FROM pub.town w LEFT JOIN pub.territory t ON t.id = w.territory_id
  UNION ALL
  SELECT 'activity', a.id::text, a.name, 'activity by ' || o.name, p.territory_id, a.name || ' ' || o.name, 4, 0, p.geom,
         CASE p.level WHEN 'exact' THEN 400 WHEN 'cell' THEN 800 ELSE p.precision_m END
  FROM pub.activity a JOIN pub.organisation o ON o.id = a.provider_id
  JOIN LATERAL (SELECT * FROM pub.place p WHERE p.activity_id = a.id ORDER BY p.id LIMIT 1) p ON true
  WHERE lower(a.name || ' ' || o.name) LIKE '%' || @words || '%' AND a.status <> 'closed'
  UNION ALL
  SELECT 'organisation', p.id::text, p.name, COALESCE(p.sector, ''), NULL, p.name, 5, 0, NULL, 0
  FROM pub.party p
)
SELECT kind, id, name, detail, COALESCE(territory, ''), COALESCE(ST_X(ST_Transform(geom, 4326)), 0), COALESCE(ST_Y(ST_Transform(geom, 4326)), 0), radius_m,
       CASE WHEN kind = 'organisation' THEN array_remove(ARRAY[
         CASE WHEN EXISTS (SELECT FROM pub.fact f WHERE f.supplier_id = found.id::uuid) THEN 'supplier' END,
         CASE WHEN detail <> '' OR EXISTS (SELECT FROM pub.fact f WHERE f.buyer_id = found.id::uuid) THEN 'buyer' END,
         CASE WHEN EXISTS (SELECT FROM pub.activity a WHERE a.provider_id = found.id::uuid) THEN 'provider' END], NULL) ELSE '{}' END
FROM found
WHERE lower(words) LIKE '%' || @words || '%'
ORDER BY lower(name) <> @words, lower(name) NOT LIKE @words || '%', rank, size, name, id
LIMIT @limit
