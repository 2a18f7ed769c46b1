-- The names of some regions, territories and areas.
-- $1 codes.
SELECT code, name FROM pub.region WHERE code = ANY ($1)
UNION SELECT id, name FROM pub.territory WHERE id = ANY ($1)
UNION SELECT code, name FROM pub.district WHERE code = ANY ($1)
UNION SELECT sh.code, sh.name FROM pub.boundary_set s JOIN pub.shape sh ON sh.set_id = s.id
      WHERE s.current AND s.kind IN ('county_or_unitary', 'district') AND sh.code = ANY ($1)
      AND NOT EXISTS (SELECT FROM pub.district d WHERE d.code = sh.code)
