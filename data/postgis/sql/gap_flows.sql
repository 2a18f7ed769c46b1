-- What each priority of a territory received in each area from contributions
-- that count, with the sum of the squares of the parts, and under null what has
-- no area that may be shown.
-- Report arguments, @territories being the one; @priorities.
-- Index: fact (territory_id).
SELECT f.priority, f.area_code, count(DISTINCT f.contribution_id), sum(f.pence)::bigint, sum(f.pence::float8 * f.pence::float8), count(*)
FROM pub.fact_at(@territory_set::integer) f
WHERE f.priority = ANY (@priorities::text[]) AND
  -- include fact_filter
GROUP BY f.priority, f.area_code
