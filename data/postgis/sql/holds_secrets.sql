-- Places, parts and contributions of the class S3 that say where they are, finer
-- than a territory, and shown places that are finer than their class.
SELECT a.source || '//' || a.external_id, 'a secret place has a position'
FROM raw.place p JOIN raw.activity a ON a.id = p.activity_id
WHERE p.class = 3 AND num_nonnulls(p.geom, p.cell, p.postcode, p.outcode, p.locality, p.given_area, p.area_code) > 0
UNION ALL
SELECT c.source || '//' || c.external_id, 'a secret contribution has a position'
FROM raw.contribution c
WHERE c.class = 's3' AND (num_nonnulls(c.latitude, c.longitude, c.postcode, c.area_code, c.residence_area, c.title) > 0 OR cardinality(c.places) > 0)
UNION ALL
SELECT a.source || '//' || a.external_id, format('class S%s is shown at %s', a.class, p.level)
FROM pub.place p JOIN raw.activity a ON a.id = p.activity_id
WHERE a.class >= 1 AND p.level = 'exact' OR a.class >= 2 AND p.level = 'cell' OR a.class = 3
ORDER BY 1, 2
