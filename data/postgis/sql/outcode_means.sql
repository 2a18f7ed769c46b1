-- The mean position of the postcodes of each outward code that no file gives
-- and that the staged postcodes touch.
SELECT split_part(p.postcode, ' ', 1) AS outcode, avg(ST_X(p.geom)), avg(ST_Y(p.geom))
FROM pub.postcode p
WHERE split_part(p.postcode, ' ', 1) IN (SELECT outcode FROM postcode_stage WHERE postcode IS NOT NULL)
  AND NOT EXISTS (SELECT FROM pub.outcode o WHERE o.outcode = split_part(p.postcode, ' ', 1) AND o.given)
GROUP BY 1
