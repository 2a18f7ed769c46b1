-- Public facts by id.
-- @ids.
-- Index: primary key.
SELECT
  -- include fact_columns
FROM pub.fact f
WHERE f.id = ANY (@ids::bigint[])
