-- Raises the class of staged contributions to their activity's, and takes from
-- those of a secret class everything that says where they were given, except
-- the territory, before they are stored.
-- @source.
WITH classed AS (
  SELECT s.n, GREATEST(s.doc->>'class', 's' || COALESCE(a.class, oa.class, 0)) AS class
  FROM staged s
  LEFT JOIN raw.activity a ON (a.source, a.external_id) = (raw.ref_source(s.doc->>'activity'), raw.ref_id(s.doc->>'activity'))
  LEFT JOIN raw.purchase_order po ON (po.source, po.external_id) = (raw.ref_source(s.doc->>'order'), raw.ref_id(s.doc->>'order'))
  LEFT JOIN raw.activity oa ON oa.id = po.activity_id
  WHERE s.kind = 'contribution'
)
UPDATE staged s
SET doc = CASE WHEN c.class < 's3' THEN s.doc
               ELSE s.doc - ARRAY['latitude', 'longitude', 'postcode', 'area_code', 'residence_area', 'places', 'title'] END
          || jsonb_build_object('class', c.class)
FROM classed c WHERE c.n = s.n
