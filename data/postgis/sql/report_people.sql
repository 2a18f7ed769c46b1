-- How many people, by territory, measure and quarter, and by area where one
-- territory or area is asked for. Null is withheld. Whole quarters alone.
-- Report arguments.
-- Index: people by primary key.
SELECT p.territory_id, t.name, NULLIF(p.area_code, ''), COALESCE(d.name, CASE p.part WHEN 'elsewhere' THEN 'no area that may be told' END),
       NULLIF(p.measure, ''), m.name, p.quarter, p.people, p.people IS NULL
FROM pub.people p
JOIN pub.territory t ON t.id = p.territory_id
LEFT JOIN pub.measure m ON m.code = p.measure
LEFT JOIN LATERAL (
  SELECT COALESCE((SELECT x.name FROM pub.district x WHERE x.code = p.area_code),
                  (SELECT sh.name FROM pub.boundary_set s JOIN pub.shape sh ON sh.set_id = s.id AND sh.code = p.area_code WHERE s.current AND s.kind IN ('county_or_unitary', 'district'))) AS name
) d ON true
WHERE (p.part = 'territory' OR cardinality(@territories::text[]) = 1 OR @areas::text[] IS NOT NULL)
  AND (@regions::text[] IS NULL OR t.region_code = ANY (@regions)) AND (@territories::text[] IS NULL OR p.territory_id = ANY (@territories))
  AND (@areas::text[] IS NULL OR p.area_code = ANY (@areas))
  AND (@measures::text[] IS NULL OR p.measure = ANY (@measures)) AND (@priorities::text[] IS NULL OR m.priority_code = ANY (@priorities))
  AND (@from::date IS NULL OR p.quarter >= @from) AND (@to::date IS NULL OR p.quarter + interval '3 months' - interval '1 day' <= @to)
ORDER BY p.quarter DESC, t.name, p.measure, p.part DESC, p.area_code
