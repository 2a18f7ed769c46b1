-- The latest published value of an indicator for each area of a territory, on
-- @day.
-- @territory, @day, @baseline: the indicator's code.
SELECT i.title, o.area_code, o.value
FROM pub.indicator i
JOIN LATERAL (
  SELECT DISTINCT ON (b.area_code) b.area_code, b.value
  FROM pub.observation b
  WHERE b.indicator_id = i.id AND b.period_start <= @day AND b.area_code IN (
    SELECT sh.code FROM pub.boundary_set s JOIN pub.shape sh ON sh.set_id = s.id WHERE s.current AND s.kind IN ('county_or_unitary', 'district') AND sh.territory_id = @territory)
  ORDER BY b.area_code, b.period_start DESC, b.id
) o ON true
WHERE i.code = @baseline
