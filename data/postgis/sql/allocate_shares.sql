-- The parts of each subject: the places that it names, else its own position,
-- else the places of delivery of its activity, else where the people live whom
-- it employed, else one part that is nowhere.
-- A secret contribution has its territory alone. Makes "share".
CREATE TEMP TABLE share ON COMMIT DROP AS
WITH delivered AS (
  SELECT s.contribution_id, row_number() OVER (PARTITION BY s.contribution_id ORDER BY pl.place_key) AS ord, pl.id
  FROM subject s JOIN raw.place pl ON pl.activity_id = s.activity_id AND pl.role IN ('delivery', 'service_area')
  WHERE cardinality(s.places) = 0 AND NOT s.placed
), part AS (
  SELECT s.contribution_id, u.ord, split_part(u.token, ':', 1) AS kind, regexp_replace(substr(u.token, position(':' IN u.token) + 1), '=[0-9]+$', '') AS place, NULL::uuid AS place_id,
         substring(u.token FROM '=([0-9]+)$')::bigint AS weight
  FROM subject s CROSS JOIN unnest(s.places) WITH ORDINALITY u(token, ord)
  UNION ALL
  SELECT contribution_id, 1, 'own', NULL, NULL, 1 FROM subject WHERE cardinality(places) = 0 AND placed
  UNION ALL
  SELECT contribution_id, ord, 'place', NULL, id, 1 FROM delivered
  UNION ALL
  SELECT s.contribution_id, 1, CASE WHEN s.residence_area IS NOT NULL THEN 'area' ELSE 'nowhere' END, s.residence_area, NULL, 1
  FROM subject s LEFT JOIN delivered d ON d.contribution_id = s.contribution_id
  WHERE cardinality(s.places) = 0 AND NOT s.placed AND d.contribution_id IS NULL
)
SELECT row_number() OVER (ORDER BY contribution_id, ord)::integer AS row_n, contribution_id,
       row_number() OVER (PARTITION BY contribution_id ORDER BY ord)::integer AS n, kind, place, place_id, weight,
       sum(weight) OVER (PARTITION BY contribution_id) AS total, count(*) OVER (PARTITION BY contribution_id) = 1 AS alone
FROM part
