-- The first staged boundary that is not a valid multipolygon, and why.
SELECT code, ST_IsValidReason(geom) FROM incoming_shape WHERE NOT ST_IsValid(geom) ORDER BY code LIMIT 1
