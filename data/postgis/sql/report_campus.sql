-- Validated activities within @km kilometres of a campus that want students:
-- linked to a faculty, or with an open need of time or an offer of experience
-- on @day. Distances are no finer than each place may be shown; one that is
-- shown by its area or territory alone has none, and is left out.
-- Report arguments; @km.
-- Index: place (geom); a metre of EPSG:3857 is at least 0.47 metres up to 61.5
-- degrees north.
SELECT near.university, near.campus, near.id::text, near.name, near.provider, near.km, near.faculties, near.needs
FROM (
  SELECT DISTINCT ON (c.id, a.id) c.university, COALESCE(c.name, '') AS campus, a.id, a.name, o.name AS provider, d.km, l.faculties, n.needs
  FROM pub.campus c
  JOIN pub.territory t ON t.id = c.territory_id
  JOIN pub.place p ON ST_DWithin(p.geom, ST_Transform(c.geom, 3857), @km::float8 * 2150) AND p.level IN ('exact', 'cell') AND p.role IN ('delivery', 'service_area')
  CROSS JOIN LATERAL (SELECT ST_DistanceSphere(ST_Transform(p.geom, 4326), c.geom) / 1000 AS exact) e
  CROSS JOIN LATERAL (SELECT CASE p.level WHEN 'exact' THEN round(e.exact::numeric, 1) ELSE greatest(1, round(e.exact)) END::float8 AS km) d
  JOIN pub.activity a ON a.id = p.activity_id AND a.status = 'validated' AND (@themes::text[] IS NULL OR a.themes && @themes)
  JOIN pub.organisation o ON o.id = a.provider_id
  CROSS JOIN LATERAL (
    SELECT COALESCE(array_agg(DISTINCT concat_ws(': ', concat_ws(', ', y.faculty, y.university), replace(y.kind, '_', ' '))), '{}') AS faculties
    FROM pub.academic_link y WHERE y.activity_id = a.id
  ) l
  CROSS JOIN LATERAL (
    SELECT COALESCE(array_agg(DISTINCT replace(w.type, '_', ' ')), '{}') AS needs
    FROM pub.need w
    WHERE w.activity_id = a.id AND w.status IN ('open', 'part_met') AND COALESCE(w.open_from, '-infinity') <= @day AND COALESCE(w.open_to, 'infinity') >= @day
      AND w.type IN ('volunteering_time', 'professional_advice_pro_bono', 'training', 'work_experience_paid', 'internship_paid')
  ) n
  WHERE d.km <= @km AND (l.faculties <> '{}' OR n.needs <> '{}')
    AND (@territories::text[] IS NULL OR t.id = ANY (@territories)) AND (@regions::text[] IS NULL OR t.region_code = ANY (@regions))
  ORDER BY c.id, a.id, d.km
) near
ORDER BY near.university, near.campus, near.km, near.name, near.id
