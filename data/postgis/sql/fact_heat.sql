-- Facts under a filter by the H3 cell of a resolution that they lie in. part
-- says what becomes of a row: cell; coarser, a cell that is coarser than asked;
-- unallocated; withheld.
-- Fact filter arguments, @res, @unit: of the quantity.
SELECT CASE WHEN f.cell IS NULL THEN CASE WHEN f.territory_id IS NULL AND f.region_code IS NULL THEN 'unallocated' ELSE 'withheld' END
            WHEN (f.cell >> 52) & 15 < @res::integer THEN 'coarser' ELSE 'cell' END AS part,
       CASE WHEN (f.cell >> 52) & 15 < @res::integer THEN f.cell
            ELSE (f.cell & ~(15::bigint << 52)) | (@res::bigint << 52) | ((1::bigint << (3 * (15 - @res::integer))) - 1) END AS shown,
       count(*), sum(f.pence)::bigint, COALESCE(sum(f.quantity_milli) FILTER (WHERE f.unit = @unit::text), 0)::bigint
FROM pub.fact_at(@territory_set::integer) f
WHERE
  -- include fact_where
GROUP BY 1, 2
