-- What agencies may have saved: ranges that add up, low with low and high with
-- high, and where their unit costs come from.
-- Report arguments; @activities.
SELECT e.agency, count(DISTINCT e.activity_id), sum(e.low_pence)::bigint, sum(e.central_pence)::bigint, sum(e.high_pence)::bigint,
       array_agg(DISTINCT e.cost_source ORDER BY e.cost_source), COALESCE(array_agg(DISTINCT e.grade ORDER BY e.grade) FILTER (WHERE e.grade IS NOT NULL), '{}')
FROM pub.saving_estimate e
WHERE (@from::date IS NULL OR e.period_start >= @from) AND (@to::date IS NULL OR e.period_end <= @to)
  AND (@activities::text[] IS NULL OR e.activity_id::text = ANY (@activities))
  AND (@territories::text[] IS NULL AND @regions::text[] IS NULL OR EXISTS (
    SELECT FROM pub.place p WHERE p.activity_id = e.activity_id AND (@territories::text[] IS NULL OR p.territory_id = ANY (@territories)) AND (@regions::text[] IS NULL OR p.region_code = ANY (@regions))))
GROUP BY e.agency
ORDER BY array_position(ARRAY['policing', 'criminal_justice', 'health', 'community_care', 'social_mobility', 'cohesion'], e.agency)
