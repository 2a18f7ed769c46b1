-- Contributions, parts and facts in number and sum, and facts by territory
-- and by region: all the same money. Facts do not tell how many people, so their
-- quantities are those of their parts one by one (holds_facts.sql).
WITH given AS (
  SELECT sum(COALESCE(value_pence, 0)) AS pence, sum(COALESCE(quantity_milli, 0)) AS milli FROM raw.contribution
), part AS (
  SELECT count(*) AS n, sum(pence) AS pence, sum(quantity_milli) AS milli FROM raw.allocation
), placed AS MATERIALIZED (
  SELECT territory_id, region_code, count(*) AS n, sum(pence) AS pence FROM pub.fact GROUP BY territory_id, region_code
), fact AS (
  SELECT sum(n) AS n, sum(pence) AS pence FROM placed
), by_territory AS (
  SELECT t.region_code, sum(f.pence) AS pence FROM placed f JOIN pub.territory t ON t.id = f.territory_id GROUP BY t.region_code
), by_region AS (
  SELECT f.region_code, sum(f.pence) AS pence FROM placed f WHERE f.territory_id IS NOT NULL GROUP BY f.region_code
)
SELECT 'the kingdom', format('%s pence were given, the parts are %s, the facts %s', given.pence, part.pence, fact.pence)
FROM given, part, fact WHERE (given.pence, given.milli) IS DISTINCT FROM (part.pence, part.milli) OR part.pence IS DISTINCT FROM fact.pence
UNION ALL
SELECT 'the kingdom', format('%s parts, %s facts', part.n, COALESCE(fact.n, 0)) FROM part, fact WHERE part.n <> COALESCE(fact.n, 0)
UNION ALL
SELECT COALESCE(t.region_code, r.region_code), format('its territories have %s pence, the region %s', t.pence, r.pence)
FROM by_territory t FULL JOIN by_region r USING (region_code) WHERE t.pence IS DISTINCT FROM r.pence
ORDER BY 1, 2
