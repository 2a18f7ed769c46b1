-- Writes the public facts of the subjects, one a part, each no finer than its
-- class, the way it was placed, its supplier and the territory's policies allow. Rejected contributions
-- are facts too: a question leaves them out by their state. Secret ones rise
-- further in publish_secret.sql; how many people they tell of is told in
-- pub.people alone; while a large load puts that aside they are as
-- high as they can be.
WITH limited AS MATERIALIZED (
  SELECT territory_id, in_force_from, in_force_to, finest FROM pub.policy_in_force WHERE finest IS NOT NULL
), fact AS (
  SELECT a.*, c.class = 's3' AND EXISTS (SELECT FROM raw.aside WHERE name = 'secrets') AS highest, c.class, c.delivered_from, c.type, c.measure, c.unit, c.beneficiaries, raw.shown_state(c.state, h.open, h.falls) AS state, c.supplier_id, c.contract_id,
         c.activity_id, COALESCE(act.provider_id, c.provider_id) AS provider_id, act.themes, act.class AS activity_class,
         k.buyer_id, buyer.sector, supplier.sole_trader, raw.counts_people(c.unit, c.type) AS people,
         CASE WHEN site.id IS NOT NULL THEN site.territory_id ELSE supplier.territory_id END AS supplier_territory,
         CASE WHEN site.id IS NOT NULL THEN site.found_area ELSE supplier.area_code END AS supplier_area,
         buyer.territory_id AS buyer_territory, buyer.area_code AS buyer_area,
         CASE WHEN c.class = 's3' AND EXISTS (SELECT FROM raw.aside WHERE name = 'secrets') THEN 'uk'
              ELSE raw.told_at(c.class, supplier.sole_trader, a.method, a.cell, a.area_code, a.territory_id, policy.finest) END AS level
  FROM part a
  JOIN subject c USING (contribution_id)
  LEFT JOIN raw.held h ON h.contribution_id = c.contribution_id
  JOIN raw.organisation supplier ON supplier.id = c.supplier_id
  LEFT JOIN raw.activity act ON act.id = c.activity_id
  LEFT JOIN raw.contract k ON k.id = c.contract_id
  LEFT JOIN raw.organisation buyer ON buyer.id = k.buyer_id
  LEFT JOIN raw.site site ON site.id = c.site_id
  LEFT JOIN LATERAL (
    SELECT l.finest FROM limited l
    WHERE l.territory_id = a.territory_id AND c.delivered_from >= l.in_force_from AND c.delivered_from < l.in_force_to
    ORDER BY l.finest <> 'territory', l.finest <> 'area' LIMIT 1
  ) policy ON true
)
INSERT INTO pub.fact (id, contribution_id, level, day, pence, quantity_milli, unit, type, measure, priority, themes, beneficiaries, sector, state, standing,
                      territory_id, region_code, area_code, cell, supplier_id, buyer_id, provider_id, activity_id, contract_id, supplier_territory, supplier_area, buyer_territory, buyer_area)
OVERRIDING SYSTEM VALUE
SELECT p.fact_id,
       CASE WHEN p.class < 's3' THEN p.contribution_id END, p.level,
       CASE WHEN p.class < 's3' THEN p.delivered_from ELSE date_trunc(CASE WHEN p.highest THEN 'year' ELSE 'quarter' END, p.delivered_from)::date END,
       p.pence, CASE WHEN p.people THEN 0 ELSE p.quantity_milli END, CASE WHEN p.people THEN 'people' ELSE p.unit END, p.type,
       CASE WHEN p.class < 's3' THEN p.measure END, CASE WHEN p.class < 's3' THEN m.priority_code END,
       CASE WHEN p.class < 's3' THEN COALESCE(p.themes, '{}') ELSE '{}' END, CASE WHEN p.class < 's3' THEN p.beneficiaries ELSE '{}' END,
       p.sector, p.state, p.standing, CASE WHEN NOT p.highest THEN p.territory_id END, CASE WHEN NOT p.highest THEN p.region_code END, CASE WHEN p.level IN ('exact', 'cell', 'area') THEN p.area_code END,
       CASE p.level WHEN 'exact' THEN p.cell WHEN 'cell' THEN (p.cell & ~(15::bigint << 52)) | (8::bigint << 52) | (7::bigint << 18) END,
       CASE WHEN p.class < 's3' AND NOT p.sole_trader THEN p.supplier_id END, CASE WHEN p.class < 's3' THEN p.buyer_id END,
       CASE WHEN p.class < 's3' THEN p.provider_id END, CASE WHEN p.class < 's3' AND p.activity_class < 3 THEN p.activity_id END,
       CASE WHEN p.class < 's3' THEN p.contract_id END,
       CASE WHEN p.class < 's3' THEN p.supplier_territory END, CASE WHEN p.class < 's3' AND NOT p.sole_trader THEN p.supplier_area END,
       CASE WHEN p.class < 's3' THEN p.buyer_territory END, CASE WHEN p.class < 's3' THEN p.buyer_area END
FROM fact p LEFT JOIN pub.measure m ON m.code = p.measure
