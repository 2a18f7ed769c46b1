-- Writes the parts of each subject. Pence and quantities go by weight, rounded
-- down, and what is left over goes, one each, to the largest remainders, the
-- first of equals first, as data.Split does. A part whose position lies in no
-- territory within @near metres is unallocated.
-- @near.
WITH part AS (
  SELECT h.*, c.value_pence, c.quantity_milli, c.class, c.contract_id, c.additionality, c.delivered_from,
         COALESCE(c.activity_id, o.activity_id) AS activity_id,
         sum(h.weight) OVER (PARTITION BY h.contribution_id) AS total
  FROM share h
  JOIN raw.contribution c ON c.id = h.contribution_id
  LEFT JOIN raw.purchase_order o ON o.id = c.order_id
), split AS (
  SELECT p.*, floor(COALESCE(value_pence, 0)::numeric * weight / total) AS pence_down, floor(COALESCE(quantity_milli, 0)::numeric * weight / total) AS milli_down,
         mod(COALESCE(value_pence, 0)::numeric * weight, total) AS pence_rest, mod(COALESCE(quantity_milli, 0)::numeric * weight, total) AS milli_rest
  FROM part p
), ranked AS (
  SELECT s.*,
         row_number() OVER (PARTITION BY contribution_id ORDER BY pence_rest DESC, n) <= COALESCE(value_pence, 0) - sum(pence_down) OVER (PARTITION BY contribution_id) AS more_pence,
         row_number() OVER (PARTITION BY contribution_id ORDER BY milli_rest DESC, n) <= COALESCE(quantity_milli, 0) - sum(milli_down) OVER (PARTITION BY contribution_id) AS more_milli
  FROM split s
)
INSERT INTO raw.allocation (contribution_id, n, weight, pence, quantity_milli, geom, cell, method, territory_id, region_code, area_code, standing)
SELECT r.contribution_id, r.n, r.weight, r.pence_down + r.more_pence::integer, r.milli_down + r.more_milli::integer,
       spot.geom, COALESCE(l.cell, pl.cell), CASE WHEN spot.territory_id IS NOT NULL THEN COALESCE(l.method, pl.method) END, spot.territory_id, t.region_code, spot.area_code,
       CASE
         WHEN r.additionality = 'in_scope' THEN 'in_scope'
         WHEN spot.geom IS NOT NULL AND EXISTS (
           SELECT FROM raw.delivery_site d WHERE d.contract_id = r.contract_id AND ST_Intersects(d.demise_geom, spot.geom))
           AND NOT EXISTS (SELECT FROM raw.review v WHERE v.contribution_id = r.contribution_id AND v.finding = 'inside_demise' AND v.decision = 'dismissed'
                           AND NOT EXISTS (SELECT FROM raw.review w WHERE w.contribution_id = v.contribution_id AND w.finding = v.finding AND (w.date, w.updated_at, w.id) > (v.date, v.updated_at, v.id)))
           THEN 'in_scope'
         WHEN EXISTS (SELECT FROM raw.validation v WHERE v.activity_id = r.activity_id AND v.decision = 'validated' AND r.delivered_from >= v.decided_on AND r.delivered_from < v.expires_on
                      AND NOT EXISTS (SELECT FROM raw.validation w WHERE w.activity_id = v.activity_id AND w.decision <> 'validated' AND w.decided_on >= v.decided_on AND w.decided_on <= r.delivered_from))
           THEN 'primary'
         ELSE 'unvalidated' END
FROM ranked r
LEFT JOIN located l ON l.n = r.row_n
LEFT JOIN assigned a ON a.n = r.row_n
LEFT JOIN raw.place pl ON r.kind = 'place' AND pl.id::text = r.place
CROSS JOIN LATERAL (
  SELECT CASE WHEN r.class = 's3' THEN NULL WHEN pl.id IS NOT NULL THEN CASE WHEN GeometryType(pl.geom) = 'POINT' THEN pl.geom ELSE ST_PointOnSurface(pl.geom) END ELSE l.spot END AS geom,
         CASE WHEN pl.id IS NOT NULL THEN pl.territory_id WHEN l.method IN ('coordinates', 'postcode', 'outcode') AND a.metres > @near::float8 AND l.given_territory IS NULL THEN NULL ELSE a.territory_id END AS territory_id,
         CASE WHEN r.class = 's3' THEN NULL WHEN pl.id IS NOT NULL THEN pl.area_code ELSE a.area_code END AS area_code
) spot
LEFT JOIN pub.territory t ON t.id = spot.territory_id
