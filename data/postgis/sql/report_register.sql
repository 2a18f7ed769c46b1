-- Who welcomes an approach, as on @day; fresh entries first.
-- Report arguments.
SELECT r.organisation_id::text, r.organisation, r.territory_id, r.types, r.measures, r.confirmed_on, r.stale_on, r.stale_on > @day AS fresh
FROM pub.register_entry r JOIN pub.territory t ON t.id = r.territory_id
WHERE r.confirmed_on <= @day
  AND (@territories::text[] IS NULL OR t.id = ANY (@territories)) AND (@regions::text[] IS NULL OR t.region_code = ANY (@regions))
  AND (@types::text[] IS NULL OR r.types && @types) AND (@measures::text[] IS NULL OR r.measures && @measures OR cardinality(r.measures) = 0)
ORDER BY fresh DESC, r.territory_id, r.organisation, r.id
