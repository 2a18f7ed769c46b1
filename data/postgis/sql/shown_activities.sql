-- Where activities are shown: the spot, the cell if it stands for one, and the
-- codes of the places that count it.
-- @activities: their ids; null for all.
-- Index: place (activity_id).
SELECT p.activity_id, ST_X(p.geom), ST_Y(p.geom), CASE WHEN p.level = 'cell' THEN p.cell ELSE 0 END, p.territory_id, p.region_code, COALESCE(p.area_code, '')
FROM pub.place p
WHERE p.role IN ('delivery', 'service_area') AND (@activities::uuid[] IS NULL OR p.activity_id = ANY (@activities))
