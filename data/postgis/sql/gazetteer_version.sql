-- What the names of territories and districts, and the measures, were last
-- changed by; the rest of a gazetteer follows from the boundary sets.
SELECT concat_ws(' ',
  (SELECT string_agg(sha256, ' ' ORDER BY part) FROM pub.reference_load),
  (SELECT format('%s %s', count(*), sum(xmin::text::bigint)) FROM pub.territory),
  (SELECT format('%s %s', count(*), sum(xmin::text::bigint)) FROM pub.district),
  (SELECT format('%s %s', count(*), sum(xmin::text::bigint)) FROM pub.measure))
