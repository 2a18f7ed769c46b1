-- Puts a set in force from a day on.
-- @kind, @label, @source, @licence, @approximate, @sha256, @nests, @from.
WITH apart AS (
  -- Areas that nested in the territories before need not nest in these.
  UPDATE pub.boundary_set SET nests = false
  WHERE current AND @kind::text = 'territory' AND kind IN ('county_or_unitary', 'district')
)
INSERT INTO pub.boundary_set (kind, label, source, licence, approximate, sha256, current, nests, valid_from)
SELECT @kind::text, @label, @source, @licence, @approximate, @sha256, true, @nests::boolean,
       @from::text::date
RETURNING id
