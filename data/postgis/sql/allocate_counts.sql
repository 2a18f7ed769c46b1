-- How many of the subjects lie, in part at least, in a territory, and how many
-- nowhere.
SELECT count(*) FILTER (WHERE somewhere), count(*) FILTER (WHERE NOT somewhere)
FROM (SELECT bool_or(a.territory_id IS NOT NULL) AS somewhere FROM subject s JOIN raw.allocation a USING (contribution_id) GROUP BY s.contribution_id) c
