-- The boundary sets in force on a day, where they are not those in force now.
-- @day.
SELECT max(id) FILTER (WHERE kind = 'territory'), max(id) FILTER (WHERE kind <> 'territory')
FROM pub.boundary_set
WHERE kind <> 'region' AND NOT current AND valid_from <= @day AND valid_to > @day
