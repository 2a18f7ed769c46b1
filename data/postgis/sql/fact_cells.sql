-- The cells of the facts under a filter but for its box.
-- Fact filter arguments; @cells is null.
SELECT DISTINCT f.cell FROM pub.fact_at(@territory_set::integer) f
WHERE f.cell IS NOT NULL AND
  -- include fact_where
