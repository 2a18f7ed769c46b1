-- The territory of a given area, by the district's code or by its boundary.
-- @area_set.
UPDATE located l
SET given_territory = COALESCE(l.given_territory_alone,
  (SELECT d.territory_id FROM pub.district d WHERE d.code = l.given_area),
  (SELECT sh.territory_id FROM pub.shape sh WHERE sh.set_id = @area_set::integer AND sh.code = l.given_area))
WHERE l.given_area IS NOT NULL OR l.given_territory_alone IS NOT NULL
