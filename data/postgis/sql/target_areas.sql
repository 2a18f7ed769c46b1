-- The public target areas in force on @day, with the areas that each is made of,
-- and whether all of these are drawn.
-- @day; @regions, @territories, @areas, @target_areas: the filter.
SELECT t.code, t.label, t.set_name, t.basis, t.areas, t.areas <@ drawn.codes
FROM pub.target_area t
CROSS JOIN (
  SELECT COALESCE(array_agg(sh.code), '{}') AS codes
  FROM pub.boundary_set s JOIN pub.shape sh ON sh.set_id = s.id
  WHERE s.current AND s.kind IN ('county_or_unitary', 'district')
) drawn
WHERE t.valid_from <= @day::date AND t.valid_to > @day::date
  AND (@target_areas::text[] IS NULL OR t.code = ANY (@target_areas)) AND (@areas::text[] IS NULL OR t.areas && @areas)
  AND ((@territories::text[] IS NULL AND @regions::text[] IS NULL) OR EXISTS (
    SELECT FROM pub.plan_territory p JOIN pub.territory g ON g.id = p.territory_id
    WHERE p.plan_id = t.plan_id AND (@territories IS NULL OR g.id = ANY (@territories)) AND (@regions IS NULL OR g.region_code = ANY (@regions))))
ORDER BY t.label, t.code
