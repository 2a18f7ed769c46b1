-- From which day a new set of a kind is in force: from the beginning if it is
-- the first, from the day given, from the beginning of the set that it draws
-- better if that was approximate, else from today.
-- @kind, @from: or null, @approximate.
SELECT COALESCE(CASE WHEN old.id IS NULL THEN '-infinity' ELSE @from::date END,
                CASE WHEN old.approximate AND NOT @approximate::boolean THEN old.valid_from END, CURRENT_DATE)::text
FROM (SELECT) one
LEFT JOIN pub.boundary_set old ON old.current
  AND CASE WHEN old.kind IN ('county_or_unitary', 'district') THEN 'area' ELSE old.kind END
    = CASE WHEN @kind::text IN ('county_or_unitary', 'district') THEN 'area' ELSE @kind::text END
