-- Raises the class of staged contributions to their activity's, and takes from
-- those of a secret class everything that says where they were given, except
-- the territory, before they are stored.
-- @source.
-- Index: activity, purchase_order (source, external_id).
WITH given AS MATERIALIZED (
  SELECT s.n, s.doc->>'class' AS class, raw.ref_source(s.doc->>'activity') AS activity_source, raw.ref_id(s.doc->>'activity') AS activity_ref,
         raw.ref_source(s.doc->>'order') AS order_source, raw.ref_id(s.doc->>'order') AS order_ref
  FROM staged s WHERE s.kind = 'contribution'
), classed AS (
  SELECT g.n, g.class AS asked, GREATEST(g.class, 's' || COALESCE(a.class, oa.class, 0)) AS class
  FROM given g
  LEFT JOIN raw.activity a ON (a.source, a.external_id) = (g.activity_source, g.activity_ref)
  LEFT JOIN raw.purchase_order po ON (po.source, po.external_id) = (g.order_source, g.order_ref)
  LEFT JOIN raw.activity oa ON oa.id = po.activity_id
)
UPDATE staged s
SET doc = CASE WHEN c.class < 's3' THEN s.doc
               ELSE s.doc - ARRAY['latitude', 'longitude', 'postcode', 'area_code', 'residence_area', 'places', 'title'] END
          || jsonb_build_object('class', c.class)
FROM classed c WHERE c.n = s.n AND (c.class <> c.asked OR c.class = 's3')
