-- How many things of a layer have no place on the map: target areas in force on
-- @day none of whose areas is, and stories that name no activity that is shown
-- somewhere, territory or region.
-- @layer, @day.
SELECT CASE @layer::text
  WHEN 'target_areas' THEN (
    SELECT count(*) FROM pub.target_area t
    WHERE t.valid_from <= @day::date AND t.valid_to > @day::date
      AND NOT t.areas && ARRAY(SELECT sh.code FROM pub.boundary_set s JOIN pub.shape sh ON sh.set_id = s.id WHERE s.current AND s.kind IN ('county_or_unitary', 'district')))
  WHEN 'stories' THEN (
    SELECT count(*) FROM pub.story d
    WHERE CASE WHEN d.activity_id IS NULL THEN d.territory_id IS NULL AND d.region_code IS NULL
               ELSE NOT EXISTS (SELECT FROM pub.place p WHERE p.activity_id = d.activity_id AND p.role IN ('delivery', 'service_area')) END)
  ELSE 0 END
