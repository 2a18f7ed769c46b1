-- What each priority received in each area, or in each H3 cell of a resolution,
-- with the sum of the squares of the parts, and under '' what may not be shown
-- so finely. In order.
-- Arguments of fact_where.sql; @territory_set; @res: the resolution, null for
-- areas.
-- Index: fact (territory_id).
SELECT f.priority, x.place, count(DISTINCT f.contribution_id) + count(*) FILTER (WHERE f.contribution_id IS NULL), count(*), sum(f.pence)::bigint, sum(f.pence::float8 * f.pence::float8)
FROM pub.fact_at(@territory_set::integer) f
CROSS JOIN LATERAL (
  SELECT COALESCE(CASE WHEN @res::integer IS NULL THEN f.area_code
                       WHEN (f.cell >> 52) & 15 >= @res::integer THEN to_hex((f.cell & ~(15::bigint << 52)) | (@res::bigint << 52) | ((1::bigint << (3 * (15 - @res::integer))) - 1)) END, '') AS place
) x
WHERE f.priority IS NOT NULL AND
  -- include fact_where
GROUP BY f.priority, x.place ORDER BY f.priority, x.place
