-- Activities with the measures that each serves, for the schedule of a tender:
-- validated ones on @day, or those that @activities names, whatever their
-- status. Where measures, priorities or types are asked for, those alone.
-- Report arguments; @priorities, @activities.
-- Index: place (activity_id).
SELECT a.id::text, a.name, o.name, x.territories, x.areas, a.status, v.expires_on, m.code, m.name, m.priority, COALESCE(m.types, '{}'), COALESCE(m.units, '{}'), n.needs
FROM pub.activity a
JOIN pub.organisation o ON o.id = a.provider_id
CROSS JOIN LATERAL (
  SELECT array_agg(DISTINCT p.territory_id ORDER BY p.territory_id) AS territories,
         COALESCE(array_agg(DISTINCT sh.name ORDER BY sh.name) FILTER (WHERE sh.name IS NOT NULL), '{}') AS areas
  FROM pub.place p
  LEFT JOIN pub.boundary_set s ON s.current AND s.kind IN ('county_or_unitary', 'district')
  LEFT JOIN pub.shape sh ON sh.set_id = s.id AND sh.code = p.area_code
  WHERE p.activity_id = a.id AND p.role IN ('delivery', 'service_area') AND (@territories::text[] IS NULL OR p.territory_id = ANY (@territories))
    AND (@regions::text[] IS NULL OR p.region_code = ANY (@regions)) AND (@areas::text[] IS NULL OR p.area_code = ANY (@areas))
) x
LEFT JOIN LATERAL (SELECT w.expires_on FROM pub.validation w WHERE w.activity_id = a.id AND w.decision = 'validated' AND w.decided_on <= @day ORDER BY w.decided_on DESC, w.id DESC LIMIT 1) v ON true
LEFT JOIN LATERAL (
  SELECT COALESCE(array_agg(concat_ws(' ', CASE WHEN d.quantity_milli > 0 THEN trim(trailing '.' FROM trim(trailing '0' FROM (d.quantity_milli / 1000.0)::numeric(20, 3)::text)) END, d.unit, replace(d.type, '_', ' ')) ORDER BY d.type, d.id), '{}') AS needs
  FROM pub.need d
  WHERE d.activity_id = a.id AND d.status IN ('open', 'part_met') AND COALESCE(d.open_from, '-infinity') <= @day AND COALESCE(d.open_to, 'infinity') >= @day
) n ON true
LEFT JOIN LATERAL (
  SELECT w.code, w.name, r.name AS priority, w.types, w.units, r.position AS first, w.position AS second
  FROM pub.measure w
  JOIN pub.priority r ON r.code = w.priority_code
  WHERE w.code = ANY (a.measures) AND (@measures::text[] IS NULL OR w.code = ANY (@measures)) AND (@priorities::text[] IS NULL OR r.code = ANY (@priorities))
    AND (@types::text[] IS NULL OR w.types && @types)
) m ON true
WHERE x.territories IS NOT NULL AND (@themes::text[] IS NULL OR a.themes && @themes)
  AND CASE WHEN @activities::text[] IS NULL THEN a.status = 'validated' ELSE a.id::text = ANY (@activities) END
  AND (m.code IS NOT NULL OR @measures::text[] IS NULL AND @priorities::text[] IS NULL AND @types::text[] IS NULL)
ORDER BY a.name, a.id, m.first, m.second, m.code
