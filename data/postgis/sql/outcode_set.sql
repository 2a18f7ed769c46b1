-- Sets outward codes at the means of their postcodes.
-- @codes, @lons, @lats, @cells: parallel arrays.
INSERT INTO pub.outcode (outcode, geom, cell, given)
SELECT code, ST_SetSRID(ST_MakePoint(lon, lat), 4326), cell, false
FROM unnest(@codes::text[], @lons::float8[], @lats::float8[], @cells::bigint[]) AS m(code, lon, lat, cell)
ON CONFLICT (outcode) DO UPDATE SET geom = EXCLUDED.geom, cell = EXCLUDED.cell
