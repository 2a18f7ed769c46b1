-- What values of filters and breakdowns are called.
-- @codes: of places, priorities and measures; @ids: of organisations,
-- activities and contracts.
SELECT code, name FROM pub.region WHERE code = ANY (@codes::text[])
UNION ALL SELECT id, name FROM pub.territory WHERE id = ANY (@codes::text[])
UNION ALL SELECT code, name FROM pub.district WHERE code = ANY (@codes::text[])
UNION ALL SELECT sh.code, sh.name FROM pub.shape sh JOIN pub.boundary_set b ON b.id = sh.set_id AND b.current AND b.kind IN ('county_or_unitary', 'district') WHERE sh.code = ANY (@codes::text[])
UNION ALL SELECT code, name FROM pub.priority WHERE code = ANY (@codes::text[])
UNION ALL SELECT code, name FROM pub.measure WHERE code = ANY (@codes::text[])
UNION ALL SELECT id::text, name FROM pub.organisation WHERE id = ANY (@ids::uuid[])
UNION ALL SELECT id::text, name FROM pub.activity WHERE id = ANY (@ids::uuid[])
UNION ALL SELECT id::text, title FROM pub.contract WHERE id = ANY (@ids::uuid[])
