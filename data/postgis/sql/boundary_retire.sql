-- Takes the sets of a kind out of force from a day on. Districts replace
-- counties and unitary authorities. A set that is left with no day was drawn
-- better by its successor.
-- @kind, @from.
UPDATE pub.boundary_set
SET current = false, valid_to = LEAST(valid_to, GREATEST(@from::text::date, valid_from))
WHERE CASE WHEN kind IN ('county_or_unitary', 'district') THEN 'area' ELSE kind END
    = CASE WHEN @kind::text IN ('county_or_unitary', 'district') THEN 'area' ELSE @kind::text END
