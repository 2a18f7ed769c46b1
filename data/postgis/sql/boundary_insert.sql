-- Puts a set in force: from the beginning if it is the first of its kind, else
-- from today.
-- @kind, @label, @source, @licence, @approximate, @sha256, @nests.
WITH apart AS (
  -- Areas that nested in the territories before need not nest in these.
  UPDATE pub.boundary_set SET nests = false
  WHERE current AND @kind::text = 'territory' AND kind IN ('county_or_unitary', 'district')
)
INSERT INTO pub.boundary_set (kind, label, source, licence, approximate, sha256, current, nests, valid_from)
SELECT @kind::text, @label, @source, @licence, @approximate, @sha256, true, @nests::boolean,
       CASE WHEN EXISTS (SELECT FROM pub.boundary_set WHERE kind = @kind::text) THEN CURRENT_DATE ELSE '-infinity' END
RETURNING id
