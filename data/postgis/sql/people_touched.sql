-- The territories, measures and quarters whose people the subjects' new facts
-- change. Adds to "people_group".
INSERT INTO people_group
SELECT DISTINCT f.territory_id, COALESCE(f.measure, ''), date_trunc('quarter', f.day)::date
FROM part p JOIN pub.fact f ON f.id = p.fact_id
WHERE f.unit = 'people' AND f.territory_id IS NOT NULL AND f.contribution_id IS NOT NULL
