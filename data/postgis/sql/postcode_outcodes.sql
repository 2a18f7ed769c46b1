-- Sets the outward codes that a file gives.
INSERT INTO pub.outcode (outcode, geom, cell, given)
SELECT DISTINCT ON (outcode) outcode, geom, cell, true FROM postcode_stage WHERE postcode IS NULL ORDER BY outcode, line DESC
ON CONFLICT (outcode) DO UPDATE SET geom = EXCLUDED.geom, cell = EXCLUDED.cell, given = true
