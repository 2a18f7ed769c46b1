-- The boundaries in force, widest first.
SELECT id, kind, label, source, licence, approximate, loaded_at
FROM pub.boundary_set WHERE current
ORDER BY array_position(ARRAY['region', 'territory', 'county_or_unitary', 'district'], kind)
