-- Which sectors' contracts support which priorities, by territory, and how many
-- of the activities there another sector supports as well.
-- Report arguments.
WITH hit AS (
  SELECT f.territory_id, f.sector, f.priority, f.pence, f.buyer_id, f.activity_id
  FROM pub.fact_at(@territory_set::integer) f
  WHERE f.sector IS NOT NULL AND f.territory_id IS NOT NULL AND
  -- include fact_filter
), shared AS (
  SELECT territory_id, activity_id FROM hit WHERE activity_id IS NOT NULL GROUP BY territory_id, activity_id HAVING count(DISTINCT sector) > 1
)
SELECT h.territory_id, h.sector, h.priority, sum(h.pence)::bigint, count(*), count(DISTINCT h.buyer_id), count(DISTINCT h.activity_id), count(DISTINCT s.activity_id)
FROM hit h LEFT JOIN shared s USING (territory_id, activity_id)
GROUP BY h.territory_id, h.sector, h.priority
ORDER BY h.territory_id, h.sector, h.priority NULLS LAST
