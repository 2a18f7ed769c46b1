-- The sets of territories and areas that were in force on some day and are no
-- more.
SELECT id, kind = 'territory' FROM pub.boundary_set WHERE NOT current AND kind <> 'region' AND valid_from < valid_to ORDER BY id
