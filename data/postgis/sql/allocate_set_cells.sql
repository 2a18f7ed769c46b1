-- Sets the cells made for positions.
-- @lons, @lats, @cells: parallel arrays.
UPDATE part p SET cell = c.cell
FROM unnest(@lons::float8[], @lats::float8[], @cells::bigint[]) AS c(lon, lat, cell)
WHERE p.cell IS NULL AND (ST_X(p.geom), ST_Y(p.geom)) = (c.lon, c.lat)
