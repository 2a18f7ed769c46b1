-- Stories: the activity that each stands at, else the code of where it does,
-- and a hash of what is shown.
-- @activities: of these alone; null for all.
SELECT d.id, d.activity_id, COALESCE(d.territory_id, d.region_code, ''), 0::float8, 0::float8, 0::float8, 0::float8, hashtextextended(d::text, 0)
FROM pub.story d
WHERE @activities::uuid[] IS NULL OR d.activity_id = ANY (@activities)
