-- Public bodies that buy for some territories, with what their contracts have
-- brought there; those that brought nothing come first.
-- Report arguments.
WITH place AS (
  SELECT array_agg(t.id) AS ids FROM pub.territory t
  WHERE t.valid_from <= @day AND t.valid_to > @day
    AND (@territories::text[] IS NULL OR t.id = ANY (@territories)) AND (@regions::text[] IS NULL OR t.region_code = ANY (@regions))
), given AS (
  SELECT f.buyer_id, count(*) AS n, sum(f.pence) AS pence
  FROM pub.fact_at(@territory_set::integer) f
  WHERE f.buyer_id IS NOT NULL AND
  -- include fact_filter
  GROUP BY f.buyer_id
)
SELECT b.id::text, b.name, b.sector, b.territories,
       (SELECT count(*) FROM pub.contract k WHERE k.buyer_id = b.id AND k.starts_on <= @day), COALESCE(g.n, 0), COALESCE(g.pence, 0)::bigint, g.n IS NOT NULL AS engaged
FROM pub.buyer b CROSS JOIN place
LEFT JOIN given g ON g.buyer_id = b.id
WHERE (g.n IS NOT NULL OR b.territory_id = ANY (place.ids) OR b.territories && place.ids)
  AND (@sectors::text[] IS NULL OR b.sector = ANY (@sectors))
ORDER BY engaged, b.sector, b.name, b.id
