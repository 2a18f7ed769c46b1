-- Whether a filter's value names something: places by any boundary ever loaded.
-- @kind: the parameter, an origin's without its prefix; @code.
SELECT CASE @kind::text
  WHEN 'region' THEN EXISTS (SELECT FROM pub.region WHERE code = @code)
  WHEN 'territory' THEN EXISTS (SELECT FROM pub.territory WHERE id = @code)
  WHEN 'area' THEN EXISTS (SELECT FROM pub.district WHERE code = @code) OR EXISTS (SELECT FROM pub.shape WHERE code = @code)
  WHEN 'priority' THEN EXISTS (SELECT FROM pub.priority WHERE code = @code)
  WHEN 'measure' THEN EXISTS (SELECT FROM pub.measure WHERE code = @code)
  WHEN 'activity' THEN EXISTS (SELECT FROM pub.activity WHERE id::text = @code)
  WHEN 'target_area' THEN EXISTS (SELECT FROM pub.target_area WHERE code = @code)
  WHEN 'buyer' THEN EXISTS (SELECT FROM pub.organisation WHERE id::text = @code) OR EXISTS (SELECT FROM pub.buyer WHERE id::text = @code)
  WHEN 'supplier' THEN EXISTS (SELECT FROM pub.organisation WHERE id::text = @code)
  WHEN 'provider' THEN EXISTS (SELECT FROM pub.organisation WHERE id::text = @code)
  ELSE true END
