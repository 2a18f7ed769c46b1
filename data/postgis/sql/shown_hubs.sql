-- Hubs: the code of the region that each stands in, the spots of its host's
-- campuses there as a box if it has any, and a hash of what is shown.
-- @activities: null, as there are none.
SELECT h.id, NULL::uuid, h.region_code,
       COALESCE(ST_XMin(c.box), 0), COALESCE(ST_YMin(c.box), 0), COALESCE(ST_XMax(c.box), 0), COALESCE(ST_YMax(c.box), 0),
       hashtextextended(h::text || COALESCE(c.spots, ''), 0)
FROM pub.hub h
LEFT JOIN LATERAL (
  SELECT ST_Extent(ST_Transform(c.geom, 3857)) AS box, string_agg(c.id::text || ST_AsText(c.geom), ' ' ORDER BY c.name, c.id) AS spots
  FROM pub.campus c JOIN pub.territory t ON t.id = c.territory_id
  WHERE c.organisation_id = h.host_id AND t.region_code = h.region_code
) c ON true
WHERE @activities::uuid[] IS NULL
