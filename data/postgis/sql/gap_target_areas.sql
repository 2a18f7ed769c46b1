-- The public target areas of a territory's plan on @day, with the areas that
-- each is made of.
-- @territory, @day.
SELECT t.code, t.label, t.areas
FROM pub.target_area t
JOIN pub.plan_territory g ON g.plan_id = t.plan_id AND g.territory_id = @territory
WHERE t.valid_from <= @day AND t.valid_to > @day
ORDER BY t.label, t.code
