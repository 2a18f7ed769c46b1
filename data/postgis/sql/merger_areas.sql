-- The areas in force follow their territory.
UPDATE pub.shape s SET territory_id = n.now
FROM pub.boundary_set b, pub.territory_now n
WHERE b.id = s.set_id AND b.current AND b.kind IN ('county_or_unitary', 'district') AND n.id = s.territory_id AND n.now <> n.id
