-- Makes the parts of each subject. Pence and quantities go by weight, rounded
-- down, and what is left over goes, one each, to the largest remainders, the
-- first of equals first, as data.Split does. A part whose position lies in no
-- territory within @near metres is unallocated. A part of continued employment
-- is two: what the policy in force there on the day counts, rounded down, and
-- the rest. Makes "part", which names the fact that each will be.
-- @near.
CREATE TEMP TABLE part ON COMMIT DROP AS
WITH split AS (
  SELECT h.row_n, c.value_pence, c.quantity_milli, h.contribution_id, h.n,
         floor(COALESCE(c.value_pence, 0)::numeric * h.weight / h.total) AS pence_down, floor(COALESCE(c.quantity_milli, 0)::numeric * h.weight / h.total) AS milli_down,
         mod(COALESCE(c.value_pence, 0)::numeric * h.weight, h.total) AS pence_rest, mod(COALESCE(c.quantity_milli, 0)::numeric * h.weight, h.total) AS milli_rest
  FROM share h JOIN subject c USING (contribution_id)
  WHERE NOT h.alone
), amount AS (
  SELECT row_n,
         (pence_down + (row_number() OVER (PARTITION BY contribution_id ORDER BY pence_rest DESC, n) <= COALESCE(value_pence, 0) - sum(pence_down) OVER (PARTITION BY contribution_id))::integer)::bigint AS pence,
         (milli_down + (row_number() OVER (PARTITION BY contribution_id ORDER BY milli_rest DESC, n) <= COALESCE(quantity_milli, 0) - sum(milli_down) OVER (PARTITION BY contribution_id))::integer)::bigint AS milli
  FROM split
), placed AS (
  SELECT r.contribution_id, r.n, r.weight, c.class, c.contract_id, c.additionality, c.delivered_from, c.type, c.measure, c.residence_area, c.activity_id,
         CASE WHEN r.alone THEN COALESCE(c.value_pence, 0) ELSE m.pence END AS pence, CASE WHEN r.alone THEN COALESCE(c.quantity_milli, 0) ELSE m.milli END AS milli,
         spot.geom, COALESCE(l.cell, pl.cell) AS cell, CASE WHEN spot.territory_id IS NOT NULL THEN COALESCE(l.method, pl.method) END AS method,
         spot.territory_id, t.region_code, spot.area_code,
         CASE WHEN c.class < 's3' THEN COALESCE(l.given_area, l.given_territory_alone, pl.given_area, pl.given_territory) END AS given
  FROM share r
  JOIN subject c USING (contribution_id)
  LEFT JOIN amount m ON m.row_n = r.row_n
  LEFT JOIN located l ON l.n = r.row_n
  LEFT JOIN assigned a ON a.n = r.row_n
  LEFT JOIN raw.place pl ON pl.id = r.place_id
  CROSS JOIN LATERAL (
    SELECT CASE WHEN c.class = 's3' THEN NULL WHEN pl.id IS NOT NULL THEN CASE WHEN GeometryType(pl.geom) = 'POINT' THEN pl.geom ELSE ST_PointOnSurface(pl.geom) END ELSE l.spot END AS geom,
           CASE WHEN pl.id IS NOT NULL THEN pl.territory_id WHEN l.method IN ('coordinates', 'postcode', 'outcode') AND a.metres > @near::float8 AND l.given_territory IS NULL THEN NULL ELSE a.territory_id END AS territory_id,
           CASE WHEN c.class = 's3' THEN NULL WHEN pl.id IS NOT NULL THEN pl.area_code ELSE a.area_code END AS area_code
  ) spot
  LEFT JOIN pub.territory t ON t.id = spot.territory_id
), judged AS (
  SELECT p.*,
         CASE
           WHEN p.additionality = 'in_scope' THEN 'in_scope'
           WHEN p.geom IS NOT NULL AND EXISTS (
             SELECT FROM raw.delivery_site d WHERE d.contract_id = p.contract_id AND ST_Intersects(d.demise_geom, p.geom))
             AND NOT EXISTS (SELECT FROM raw.review v WHERE v.contribution_id = p.contribution_id AND v.finding = 'inside_demise' AND v.decision = 'dismissed'
                             AND NOT EXISTS (SELECT FROM raw.review w WHERE w.contribution_id = v.contribution_id AND w.finding = v.finding AND (w.date, w.updated_at, w.id) > (v.date, v.updated_at, v.id)))
             THEN 'in_scope'
           -- Who is employed must live where the plan is for.
           WHEN p.residence_area IS NOT NULL AND p.type IN ('employment', 'apprenticeship', 'work_experience_paid', 'internship_paid') AND (
             SELECT NOT CASE
               WHEN p.measure IS NOT NULL THEN EXISTS (SELECT FROM pub.measure m JOIN pub.priority q ON q.code = m.priority_code JOIN pub.plan_territory g ON g.plan_id = q.plan_id WHERE m.code = p.measure AND g.territory_id = lives.territory_id)
               ELSE lives.territory_id = p.territory_id END
             FROM (SELECT COALESCE((SELECT d.territory_id FROM pub.district d WHERE d.code = p.residence_area),
                                   (SELECT sh.territory_id FROM pub.shape sh JOIN pub.boundary_set b ON b.id = sh.set_id AND b.current WHERE sh.code = p.residence_area AND sh.territory_id IS NOT NULL LIMIT 1)) AS territory_id) lives)
             THEN 'elsewhere'
           WHEN EXISTS (SELECT FROM raw.validation v WHERE v.activity_id = p.activity_id AND v.decision = 'validated' AND p.delivered_from >= v.decided_on AND p.delivered_from < v.expires_on
                        AND NOT EXISTS (SELECT FROM raw.validation w WHERE w.activity_id = v.activity_id AND w.decision <> 'validated' AND w.decided_on >= v.decided_on AND w.decided_on <= p.delivered_from))
             THEN 'primary'
           ELSE 'unvalidated' END AS standing
  FROM placed p
), counted AS (
  SELECT j.*, j.standing IN ('primary', 'unvalidated') AS parted, y.numerator, y.denominator
  FROM judged j
  LEFT JOIN LATERAL (
    SELECT COALESCE(f.continued_numerator, 0) AS numerator, COALESCE(f.continued_denominator, 1) AS denominator
    FROM pub.policy_in_force f
    WHERE f.territory_id = j.territory_id AND j.delivered_from >= f.in_force_from AND j.delivered_from < f.in_force_to
    ORDER BY f.in_force_from DESC, f.id LIMIT 1
  ) y ON true
  WHERE j.additionality = 'continued'
), cut AS (
  SELECT c.*, x.*
  FROM counted c
  CROSS JOIN LATERAL (
    SELECT floor(c.pence::numeric * COALESCE(c.numerator, 0) / COALESCE(c.denominator, 1))::bigint AS pence, floor(c.milli::numeric * COALESCE(c.numerator, 0) / COALESCE(c.denominator, 1))::bigint AS milli
  ) fraction
  CROSS JOIN LATERAL (
    SELECT false AS beyond, fraction.pence AS cut_pence, fraction.milli AS cut_milli, c.standing AS cut_standing WHERE c.numerator > 0
    UNION ALL
    SELECT true, c.pence - fraction.pence, c.milli - fraction.milli, 'continued' WHERE COALESCE(c.numerator, 0) < COALESCE(c.denominator, 1)
  ) x
  WHERE c.parted
)
SELECT p.contribution_id, p.n, p.weight, p.pence, p.quantity_milli, p.geom, p.cell, p.method, p.territory_id, p.region_code, p.area_code, p.given, p.standing, nextval('pub.fact_id_seq') AS fact_id
FROM (
  SELECT contribution_id, n, weight, pence, milli AS quantity_milli, geom, cell, method, territory_id, region_code, area_code, given, standing FROM judged WHERE additionality <> 'continued'
  UNION ALL
  SELECT contribution_id, row_number() OVER (PARTITION BY contribution_id ORDER BY n, beyond)::integer, weight, pence, milli, geom, cell, method, territory_id, region_code, area_code, given, standing
  FROM (
    SELECT contribution_id, n, beyond, weight, cut_pence AS pence, cut_milli AS milli, geom, cell, method, territory_id, region_code, area_code, given, cut_standing AS standing FROM cut
    UNION ALL
    SELECT contribution_id, n, false, weight, pence, milli, geom, cell, method, territory_id, region_code, area_code, given, standing FROM counted WHERE NOT parted
  ) continued
) p
