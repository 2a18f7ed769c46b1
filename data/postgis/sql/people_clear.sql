-- Takes back what is told of the people of "people_group".
DELETE FROM pub.people p USING people_group g WHERE (p.territory_id, p.measure, p.quarter) = (g.territory_id, g.measure, g.quarter)
