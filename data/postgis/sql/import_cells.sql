-- Positions found by SQL (the middle of a drawn area) that have no H3 cell yet.
SELECT n, ST_X(spot), ST_Y(spot) FROM located WHERE spot IS NOT NULL AND cell IS NULL ORDER BY n
