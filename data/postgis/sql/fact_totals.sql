-- What the facts under a filter add up to, by unit and part: inside,
-- unallocated, withheld; and last the contributions behind them all.
-- Fact filter arguments, @boxed: whether the filter has a box.
WITH hit AS (
  SELECT CASE WHEN f.cell IS NULL OR NOT @boxed::boolean THEN CASE WHEN f.territory_id IS NULL AND f.region_code IS NULL THEN 'unallocated' WHEN @boxed::boolean THEN 'withheld' END END AS part,
         f.unit, f.pence, f.quantity_milli, f.contribution_id
  FROM pub.fact_at(@territory_set::integer) f
  WHERE
  -- include fact_where
)
SELECT COALESCE(part, 'inside'), COALESCE(unit, ''), count(*), sum(pence)::bigint, sum(quantity_milli)::bigint FROM hit GROUP BY 1, 2
UNION ALL
SELECT 'contributions', '', count(DISTINCT contribution_id) + count(*) FILTER (WHERE contribution_id IS NULL), 0, 0 FROM hit
