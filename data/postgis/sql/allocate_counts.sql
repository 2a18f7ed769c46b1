-- How many of the subjects lie, in part at least, in a territory, and how many
-- nowhere.
SELECT count(*) FILTER (WHERE somewhere), count(*) FILTER (WHERE NOT somewhere)
FROM (SELECT bool_or(territory_id IS NOT NULL) AS somewhere FROM part GROUP BY contribution_id) c
