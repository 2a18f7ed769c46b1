-- Single facts under a filter in some cells.
-- Fact filter arguments, @territory_set; @cells: where; @most: no more rows than
-- one beyond what the caller tells, who then tells none.
SELECT f.id, f.cell, f.day - date '1970-01-01', f.pence, f.quantity_milli, COALESCE(f.unit, ''), f.type, COALESCE(f.measure, ''), COALESCE(f.sector, ''), f.state, f.standing
FROM pub.fact_at(@territory_set::integer) f
WHERE f.cell IS NOT NULL AND
  -- include fact_where
LIMIT @most
