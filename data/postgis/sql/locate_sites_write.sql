-- Writes where the changed sites are, and where their organisations are taken
-- to be: at their only site, else at their registered office, else where the
-- one footprint of theirs lies. Those that moved are noted in "changed".
WITH site AS (
  UPDATE raw.site s SET geom = l.spot, territory_id = a.territory_id, found_area = a.area_code
  FROM located l JOIN assigned a USING (n) WHERE s.id = l.site_id
  RETURNING s.id, s.organisation_id, s.role, s.territory_id, s.found_area
), delivery AS (
  UPDATE raw.delivery_site s SET geom = l.spot, territory_id = a.territory_id, found_area = a.area_code
  FROM located l JOIN assigned a USING (n) WHERE s.id = l.site_id
), subject AS (
  SELECT organisation_id AS id FROM site
  UNION
  SELECT f.buyer_id FROM changed x JOIN raw.footprint f ON f.id = x.id WHERE x.kind = 'footprint'
), every AS (
  SELECT organisation_id, role, territory_id, found_area FROM site
  UNION ALL
  SELECT r.organisation_id, r.role, r.territory_id, r.found_area FROM raw.site r JOIN subject ON subject.id = r.organisation_id WHERE r.id NOT IN (SELECT id FROM site)
), home AS (
  SELECT s.id,
         COALESCE(one.territory_id, foot.territory_id) AS territory_id, CASE WHEN one.territory_id IS NOT NULL THEN one.found_area ELSE foot.area_code END AS area_code
  FROM subject s
  LEFT JOIN LATERAL (
    SELECT e.territory_id, e.found_area FROM every e
    WHERE e.organisation_id = s.id AND (e.role = 'registered_office' OR 1 = (SELECT count(*) FROM every x WHERE x.organisation_id = s.id))
    ORDER BY e.territory_id, e.found_area LIMIT 1
  ) one ON true
  LEFT JOIN LATERAL (
    SELECT min(COALESCE(f.territory, d.territory_id)) AS territory_id, min(f.area_code) AS area_code
    FROM raw.footprint f LEFT JOIN pub.district d ON d.code = f.area_code
    WHERE f.buyer_id = s.id HAVING count(*) = 1
  ) foot ON true
), moved AS (
  UPDATE raw.organisation o SET territory_id = h.territory_id, area_code = h.area_code
  FROM home h WHERE o.id = h.id AND (o.territory_id, o.area_code) IS DISTINCT FROM (h.territory_id, h.area_code)
  RETURNING o.id
)
INSERT INTO changed (kind, id, added) SELECT 'home', id, false FROM moved
