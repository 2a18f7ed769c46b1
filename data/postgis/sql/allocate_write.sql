-- Writes the parts.
INSERT INTO raw.allocation (contribution_id, n, weight, pence, quantity_milli, geom, cell, method, territory_id, region_code, area_code, given, standing, fact_id)
SELECT contribution_id, n, weight, pence, quantity_milli, geom, cell, method, territory_id, region_code, area_code, given, standing, fact_id FROM part
