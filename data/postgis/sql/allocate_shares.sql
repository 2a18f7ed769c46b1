-- The parts of each subject: the places that it names, else its own position,
-- else the places of delivery of its activity, else where the people live whom
-- it employed, else one part that is nowhere.
-- A secret contribution has its territory alone. Makes "share".
CREATE TEMP TABLE share ON COMMIT DROP AS
SELECT row_number() OVER (ORDER BY c.id, p.ord)::integer AS row_n, c.id AS contribution_id,
       row_number() OVER (PARTITION BY c.id ORDER BY p.ord)::integer AS n, p.kind, p.place, p.weight
FROM subject s
JOIN raw.contribution c ON c.id = s.contribution_id
LEFT JOIN raw.purchase_order o ON o.id = c.order_id
CROSS JOIN LATERAL (
  SELECT u.ord, split_part(u.token, ':', 1) AS kind, regexp_replace(substr(u.token, position(':' IN u.token) + 1), '=[0-9]+$', '') AS place,
         substring(u.token FROM '=([0-9]+)$')::bigint AS weight
  FROM unnest(c.places) WITH ORDINALITY u(token, ord)
  UNION ALL
  SELECT 1, 'own', NULL, 1
  WHERE cardinality(c.places) = 0 AND (c.latitude IS NOT NULL OR c.postcode IS NOT NULL OR c.area_code IS NOT NULL OR c.territory IS NOT NULL)
  UNION ALL
  SELECT row_number() OVER (ORDER BY pl.place_key), 'place', pl.id::text, 1
  FROM raw.place pl
  WHERE pl.activity_id = COALESCE(c.activity_id, o.activity_id) AND pl.role IN ('delivery', 'service_area')
    AND cardinality(c.places) = 0 AND c.latitude IS NULL AND c.postcode IS NULL AND c.area_code IS NULL AND c.territory IS NULL
  UNION ALL
  SELECT 1, 'area', c.residence_area, 1
  WHERE c.residence_area IS NOT NULL AND cardinality(c.places) = 0 AND c.latitude IS NULL AND c.postcode IS NULL AND c.area_code IS NULL AND c.territory IS NULL
    AND NOT EXISTS (SELECT FROM raw.place pl WHERE pl.activity_id = COALESCE(c.activity_id, o.activity_id) AND pl.role IN ('delivery', 'service_area'))
  UNION ALL
  SELECT 1, 'nowhere', NULL, 1
  WHERE c.residence_area IS NULL AND cardinality(c.places) = 0 AND c.latitude IS NULL AND c.postcode IS NULL AND c.area_code IS NULL AND c.territory IS NULL
    AND NOT EXISTS (SELECT FROM raw.place pl WHERE pl.activity_id = COALESCE(c.activity_id, o.activity_id) AND pl.role IN ('delivery', 'service_area'))
) p
