-- Keeps where every place lies under the set of a kind that is about to be
-- replaced, and takes that set out of force from today. Districts replace
-- counties and unitary authorities.
-- $1 kind.
WITH old AS (
  UPDATE pub.boundary_set
  SET current = false, valid_to = GREATEST(CURRENT_DATE, CASE WHEN isfinite(valid_from) THEN valid_from + 1 ELSE CURRENT_DATE END)
  WHERE current AND CASE WHEN kind IN ('county_or_unitary', 'district') THEN 'area' ELSE kind END
                  = CASE WHEN $1 IN ('county_or_unitary', 'district') THEN 'area' ELSE $1 END
  RETURNING id, kind
), pieces AS (
  DELETE FROM pub.shape_piece USING old WHERE shape_piece.set_id = old.id
)
INSERT INTO raw.assignment (place_id, set_id, code)
SELECT p.id, old.id, CASE WHEN old.kind = 'territory' THEN p.territory_id ELSE p.area_code END
FROM old CROSS JOIN raw.place p
WHERE old.kind <> 'region' AND CASE WHEN old.kind = 'territory' THEN p.territory_id ELSE p.area_code END IS NOT NULL
