-- Whether a region, territory or area is known, by any boundary ever loaded.
-- @kind, @code.
SELECT CASE @kind::text
  WHEN 'region' THEN EXISTS (SELECT FROM pub.region WHERE code = @code)
  WHEN 'territory' THEN EXISTS (SELECT FROM pub.territory WHERE id = @code)
  ELSE EXISTS (SELECT FROM pub.district WHERE code = @code) OR EXISTS (SELECT FROM pub.shape WHERE code = @code) END
