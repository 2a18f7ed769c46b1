-- The districts of some territories, by code of 2025.
-- @territories.
SELECT code, name, COALESCE(name_cy, ''), kind, territory_id
FROM pub.district WHERE territory_id = ANY (@territories::text[]) ORDER BY name, code
