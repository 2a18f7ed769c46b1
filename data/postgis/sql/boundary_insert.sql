-- Puts a set in force: from the beginning if it is the first of its kind, else
-- from today.
-- @kind, @label, @source, @licence, @approximate, @sha256, @nests.
INSERT INTO pub.boundary_set (kind, label, source, licence, approximate, sha256, current, nests, valid_from)
SELECT @kind, @label, @source, @licence, @approximate, @sha256, true, @nests::boolean,
       CASE WHEN EXISTS (SELECT FROM pub.boundary_set WHERE kind = @kind) THEN CURRENT_DATE ELSE '-infinity' END
RETURNING id
