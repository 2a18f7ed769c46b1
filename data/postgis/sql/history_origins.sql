-- Where the subjects' suppliers and buyers were under a set of territories that
-- was in force before, where that is not where they are now: the territory
-- given, by polygon, by the district's own territory, else under the same code
-- if the set has it. An organisation is where its site is that tells for it.
-- @set.
-- Index: shape_piece_geom.
WITH spot AS MATERIALIZED (
  SELECT s.id, s.geom, s.area_code, s.territory, s.territory_id AS now
  FROM raw.site s WHERE s.id IN (SELECT site_id FROM subject)
  UNION ALL
  SELECT o.id, r.geom, COALESCE(r.area_code, foot.area_code), COALESCE(r.territory, foot.territory), o.territory_id
  FROM raw.organisation o
  LEFT JOIN LATERAL (
    SELECT e.geom, e.area_code, e.territory FROM raw.site e
    WHERE e.organisation_id = o.id AND (e.role = 'registered_office' OR 1 = (SELECT count(*) FROM raw.site x WHERE x.organisation_id = o.id))
    ORDER BY e.territory_id, e.found_area LIMIT 1
  ) r ON true
  LEFT JOIN LATERAL (
    SELECT min(f.territory) AS territory, min(f.area_code) AS area_code FROM raw.footprint f WHERE f.buyer_id = o.id HAVING count(*) = 1
  ) foot ON true
  WHERE o.id IN (SELECT supplier_id FROM subject UNION SELECT k.buyer_id FROM subject c JOIN raw.contract k ON k.id = c.contract_id)
), was AS MATERIALIZED (
  SELECT s.id, COALESCE(
    (SELECT sh.code FROM pub.shape sh WHERE sh.set_id = @set::integer AND sh.code = s.territory),
    (SELECT sp.code FROM pub.shape_piece sp WHERE sp.set_id = @set::integer AND ST_Intersects(sp.geom, s.geom) ORDER BY sp.code LIMIT 1),
    (SELECT sh.code FROM pub.district d JOIN pub.shape sh ON sh.set_id = @set::integer AND sh.code = d.territory_id WHERE d.code = s.area_code),
    (SELECT sh.code FROM pub.shape sh WHERE sh.set_id = @set::integer AND sh.code = s.now)) AS code
  FROM spot s WHERE s.now IS NOT NULL
)
INSERT INTO pub.origin_was (set_id, fact_id, supplier_territory, buyer_territory)
SELECT @set::integer, f.id, x.supplier, x.buyer
FROM part a
JOIN subject c USING (contribution_id)
JOIN pub.fact f ON f.id = a.fact_id
LEFT JOIN was s ON s.id = COALESCE(c.site_id, f.supplier_id)
LEFT JOIN was b ON b.id = f.buyer_id
CROSS JOIN LATERAL (SELECT CASE WHEN f.supplier_territory IS NOT NULL THEN s.code END AS supplier, CASE WHEN f.buyer_territory IS NOT NULL THEN b.code END AS buyer) x
WHERE (x.supplier, x.buyer) IS DISTINCT FROM (f.supplier_territory, f.buyer_territory)
ON CONFLICT (set_id, fact_id) DO UPDATE SET supplier_territory = EXCLUDED.supplier_territory, buyer_territory = EXCLUDED.buyer_territory
