-- Public facts by id, with the other parts of their contributions.
-- @ids.
-- Index: primary key, fact (contribution_id).
SELECT
  -- include fact_columns
FROM pub.fact f
WHERE f.id IN (
  SELECT unnest(@ids::bigint[])
  UNION
  SELECT g.id FROM pub.fact h JOIN pub.fact g USING (contribution_id) WHERE h.id = ANY (@ids::bigint[]))
