-- Listed activities whose funding ends within six months of @day, or that
-- received nothing in the twelve months before it, those that end first first.
-- Report arguments.
-- Index: fact (activity_id).
SELECT a.id::text, a.name, o.name, x.territory_id, u.funded_until, r.last_received,
       concat_ws('; ', CASE WHEN u.funded_until < @day THEN 'funding has ended' WHEN u.funded_until <= @day::date + interval '6 months' THEN 'funding ends within six months' END,
                 CASE WHEN r.last_received IS NULL THEN 'never received anything' WHEN r.last_received <= @day::date - interval '12 months' THEN 'received nothing in twelve months' END)
FROM pub.activity a
JOIN pub.organisation o ON o.id = a.provider_id
LEFT JOIN LATERAL (SELECT max(f.funded_until) AS funded_until FROM pub.funding f WHERE f.activity_id = a.id) u ON true
LEFT JOIN LATERAL (SELECT max(f.day) AS last_received FROM pub.fact f WHERE f.activity_id = a.id AND f.state <> 'rejected' AND f.day <= @day) r ON true
CROSS JOIN LATERAL (
  SELECT min(p.territory_id) AS territory_id FROM pub.place p
  WHERE p.activity_id = a.id AND p.role IN ('delivery', 'service_area') AND (@territories::text[] IS NULL OR p.territory_id = ANY (@territories))
    AND (@regions::text[] IS NULL OR p.region_code = ANY (@regions)) AND (@areas::text[] IS NULL OR p.area_code = ANY (@areas))
) x
WHERE x.territory_id IS NOT NULL AND a.status NOT IN ('closed', 'expired') AND (@themes::text[] IS NULL OR a.themes && @themes)
  AND (u.funded_until <= @day::date + interval '6 months' OR r.last_received IS NULL OR r.last_received <= @day::date - interval '12 months')
ORDER BY u.funded_until NULLS LAST, r.last_received NULLS FIRST, a.name, a.id
