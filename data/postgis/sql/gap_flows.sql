-- What each priority of a territory received in each area, or each H3 cell of a
-- resolution, from contributions that count, with the sum of the squares of the
-- parts, and under null what may not be shown so finely.
-- Report arguments, @territories being the one; @priorities; @res: the
-- resolution, null for areas.
-- Index: fact (territory_id).
SELECT f.priority, x.place, count(DISTINCT f.contribution_id), sum(f.pence)::bigint, sum(f.pence::float8 * f.pence::float8), count(*)
FROM pub.fact_at(@territory_set::integer) f
CROSS JOIN LATERAL (
  SELECT CASE WHEN @res::integer IS NULL THEN f.area_code
              WHEN (f.cell >> 52) & 15 >= @res::integer THEN to_hex((f.cell & ~(15::bigint << 52)) | (@res::bigint << 52) | ((1::bigint << (3 * (15 - @res::integer))) - 1)) END AS place
) x
WHERE f.priority = ANY (@priorities::text[]) AND
  -- include fact_filter
GROUP BY f.priority, x.place
