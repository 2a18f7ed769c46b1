-- What is told of the people of "people_group", in the order of its key.
SELECT p.territory_id, p.measure, p.quarter, p.part, p.area_code, p.people
FROM pub.people p JOIN (SELECT DISTINCT territory_id, measure, quarter FROM people_group) g USING (territory_id, measure, quarter)
ORDER BY 1, 2, 3, 4, 5
