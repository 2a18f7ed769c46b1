-- Contributions, parts and facts in number and sum, and facts by territory
-- and by region: all the same money. Facts do not tell how many people.
WITH given AS (
  SELECT count(*) AS n, sum(COALESCE(value_pence, 0)) AS pence, sum(COALESCE(quantity_milli, 0)) AS milli FROM raw.contribution
), part AS (
  SELECT count(*) AS n, sum(a.pence) AS pence, sum(a.quantity_milli) AS milli, sum(a.quantity_milli) FILTER (WHERE NOT raw.counts_people(c.unit, c.type)) AS told FROM raw.allocation a JOIN raw.contribution c ON c.id = a.contribution_id
), fact AS (
  SELECT count(*) AS n, sum(pence) AS pence, sum(quantity_milli) AS milli FROM pub.fact
), by_territory AS (
  SELECT t.region_code, sum(f.pence) AS pence FROM pub.fact f JOIN pub.territory t ON t.id = f.territory_id GROUP BY t.region_code
), by_region AS (
  SELECT f.region_code, sum(f.pence) AS pence FROM pub.fact f WHERE f.territory_id IS NOT NULL GROUP BY f.region_code
)
SELECT 'the kingdom', format('%s pence were given, the parts are %s, the facts %s', given.pence, part.pence, fact.pence)
FROM given, part, fact WHERE (given.pence, given.milli) IS DISTINCT FROM (part.pence, part.milli) OR (part.pence, COALESCE(part.told, 0)) IS DISTINCT FROM (fact.pence, COALESCE(fact.milli, 0))
UNION ALL
SELECT 'the kingdom', format('%s parts, %s facts', part.n, fact.n) FROM part, fact WHERE part.n <> fact.n
UNION ALL
SELECT COALESCE(t.region_code, r.region_code), format('its territories have %s pence, the region %s', t.pence, r.pence)
FROM by_territory t FULL JOIN by_region r USING (region_code) WHERE t.pence IS DISTINCT FROM r.pence
ORDER BY 1, 2
