-- Facts that no part is. They are looked for one by one only if the ids of the
-- facts are not those that the parts have, by their number and the sum of hashes.
WITH fact AS MATERIALIZED (
  SELECT count(*) AS n, sum(hashint8extended(id, 0) >> 16) AS ids FROM pub.fact
), part AS MATERIALIZED (
  SELECT count(fact_id) AS n, sum(hashint8extended(fact_id, 0) >> 16) AS ids FROM raw.allocation
)
SELECT f.id::text, NULL
FROM pub.fact f LEFT JOIN raw.allocation a ON a.fact_id = f.id
WHERE (SELECT (fact.n, fact.ids) IS DISTINCT FROM (part.n, part.ids) FROM fact, part) AND a.fact_id IS NULL
ORDER BY f.id
