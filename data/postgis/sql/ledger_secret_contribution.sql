-- Raises the class of staged contributions to their activity's, and to their own
-- as it is stored where that is restricted or secret and two people have not
-- agreed to lower it, or their activity's; and takes from those of a secret class
-- everything that says where they were given, except the territory, before they
-- are stored.
-- @source.
-- Index: activity, contribution, purchase_order (source, external_id), lowering.
WITH given AS MATERIALIZED (
  SELECT s.n, s.own_source, s.external_id, s.doc->>'class' AS class, raw.ref_source(s.doc->>'activity') AS activity_source, raw.ref_id(s.doc->>'activity') AS activity_ref,
         raw.ref_source(s.doc->>'order') AS order_source, raw.ref_id(s.doc->>'order') AS order_ref
  FROM staged s WHERE s.kind = 'contribution'
), of_activity AS (
  SELECT g.*, COALESCE(a.class, oa.class, 0) AS activity_class, COALESCE(a.source, oa.source) AS its_source, COALESCE(a.external_id, oa.external_id) AS its_id
  FROM given g
  LEFT JOIN raw.activity a ON (a.source, a.external_id) = (g.activity_source, g.activity_ref)
  LEFT JOIN raw.purchase_order po ON (po.source, po.external_id) = (g.order_source, g.order_ref)
  LEFT JOIN raw.activity oa ON oa.id = po.activity_id
), classed AS (
  SELECT g.n, g.class AS asked,
         GREATEST(g.class, 's' || g.activity_class, CASE WHEN k.class >= 's2' THEN LEAST(k.class, 's' || LEAST(own.class, its.class)) END) AS class
  FROM of_activity g
  LEFT JOIN raw.contribution k ON (k.source, k.external_id) = (g.own_source, g.external_id)
  LEFT JOIN raw.lowering own ON own.kind = 'contribution' AND (own.source, own.external_id) = (g.own_source, g.external_id) AND own.ended_at IS NULL AND own.agreed_at IS NOT NULL
  LEFT JOIN raw.lowering its ON its.kind = 'activity' AND (its.source, its.external_id) = (g.its_source, g.its_id) AND its.ended_at IS NULL AND its.agreed_at IS NOT NULL
)
UPDATE staged s
SET doc = CASE WHEN c.class < 's3' THEN s.doc
               ELSE s.doc - ARRAY['latitude', 'longitude', 'postcode', 'area_code', 'residence_area', 'places', 'title'] END
          || jsonb_build_object('class', c.class)
FROM classed c WHERE c.n = s.n AND (c.class <> c.asked OR c.class = 's3')
