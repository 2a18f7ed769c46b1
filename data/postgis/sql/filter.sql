  -- The filter, over pub.place p and pub.activity a. A parameter that is not
  -- given is null and drops out when the query is planned. Closed activities
  -- are history: they are found when their status is asked for.
  p.role IN ('delivery', 'service_area')
  AND (@regions::text[] IS NULL OR p.region_code = ANY (@regions))
  AND (@territories::text[] IS NULL OR p.territory_id = ANY (@territories))
  AND (@areas::text[] IS NULL OR p.area_code = ANY (@areas))
  AND (@box::geometry IS NULL OR ST_Intersects(p.geom, @box))
  AND (@target_areas::text[] IS NULL OR p.area_code IN (SELECT unnest(t.areas) FROM pub.target_area t WHERE t.code = ANY (@target_areas)))
  AND (@priorities::text[] IS NULL OR a.measures && ARRAY(SELECT m.code FROM pub.measure m WHERE m.priority_code = ANY (@priorities)))
  AND (@themes::text[] IS NULL OR a.themes && @themes)
  AND (@measures::text[] IS NULL OR a.measures && @measures)
  AND CASE WHEN @statuses::text[] IS NULL THEN a.status <> 'closed' ELSE a.status = ANY (@statuses) END
  AND (@providers::text[] IS NULL OR a.provider_id::text = ANY (@providers))
  AND (@activities::text[] IS NULL OR a.id::text = ANY (@activities))
