-- Shows the secret facts of some years no finer than where at least three
-- contributions for at least two providers hide one another: in the territory
-- in a quarter, else in the region in a quarter, if three of its territories or
-- more may be theirs, else in the kingdom in a quarter, else in the kingdom in a
-- year. Rows come from "secret_year".
-- Index: contribution_secret.
WITH part AS (
  SELECT a.fact_id, a.contribution_id, a.territory_id, a.region_code, date_trunc('quarter', c.delivered_from)::date AS quarter,
         COALESCE(act.provider_id, c.provider_id) AS provider_id
  FROM raw.contribution c
  JOIN raw.allocation a ON a.contribution_id = c.id
  LEFT JOIN raw.purchase_order o ON o.id = c.order_id
  LEFT JOIN raw.activity act ON act.id = COALESCE(c.activity_id, o.activity_id)
  WHERE c.class = 's3' AND date_trunc('year', c.delivered_from)::date IN (SELECT year FROM secret_year)
), in_territory AS (
  SELECT territory_id, quarter FROM part WHERE territory_id IS NOT NULL
  GROUP BY territory_id, quarter HAVING count(DISTINCT contribution_id) >= 3 AND count(DISTINCT provider_id) >= 2
), risen AS (
  SELECT p.*, t.territory_id IS NOT NULL AS stays FROM part p LEFT JOIN in_territory t USING (territory_id, quarter)
), in_region AS (
  SELECT r.region_code, r.quarter FROM risen r WHERE NOT r.stays AND r.region_code IS NOT NULL
  GROUP BY r.region_code, r.quarter HAVING count(DISTINCT r.contribution_id) >= 3 AND count(DISTINCT r.provider_id) >= 2
    AND 3 <= (SELECT count(*) FROM pub.territory t
              WHERE t.region_code = r.region_code AND t.valid_from <= r.quarter AND t.valid_to > r.quarter
                AND NOT EXISTS (SELECT FROM in_territory s WHERE s.territory_id = t.id AND s.quarter = r.quarter))
), in_kingdom AS (
  SELECT r.quarter FROM risen r LEFT JOIN in_region g USING (region_code, quarter) WHERE NOT r.stays AND g.quarter IS NULL
  GROUP BY r.quarter HAVING count(DISTINCT r.contribution_id) >= 3 AND count(DISTINCT r.provider_id) >= 2
), shown AS (
  SELECT r.fact_id,
         CASE WHEN r.stays THEN 'territory' WHEN g.quarter IS NOT NULL THEN 'region' ELSE 'uk' END AS level,
         CASE WHEN r.stays THEN r.territory_id END AS territory_id,
         CASE WHEN r.stays OR g.quarter IS NOT NULL THEN r.region_code END AS region_code,
         CASE WHEN r.stays OR g.quarter IS NOT NULL OR k.quarter IS NOT NULL THEN r.quarter ELSE date_trunc('year', r.quarter)::date END AS day
  FROM risen r
  LEFT JOIN in_region g USING (region_code, quarter)
  LEFT JOIN in_kingdom k ON k.quarter = r.quarter
)
UPDATE pub.fact f SET level = s.level, territory_id = s.territory_id, region_code = s.region_code, day = s.day
FROM shown s
WHERE f.id = s.fact_id AND (f.level, f.territory_id, f.region_code, f.day) IS DISTINCT FROM (s.level, s.territory_id, s.region_code, s.day)
