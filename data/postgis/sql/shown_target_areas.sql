-- Target areas: a box around each, and a hash of what is shown.
-- @activities: null, as there are none.
SELECT t.id, NULL::uuid, '', ST_XMin(b.box), ST_YMin(b.box), ST_XMax(b.box), ST_YMax(b.box), hashtextextended(t::text, 0)
FROM pub.target_area t
CROSS JOIN LATERAL (
  SELECT ST_Extent(d.geom) AS box
  FROM pub.boundary_set s JOIN pub.shape_drawn d ON d.set_id = s.id
  WHERE s.current AND s.kind IN ('county_or_unitary', 'district') AND d.code = ANY (t.areas)
) b
WHERE b.box IS NOT NULL AND @activities::uuid[] IS NULL
