-- Facts under a filter by up to four dimensions and the unit of the quantity.
-- part says what becomes of a row: inside, unallocated, withheld.
-- Fact filter arguments, @boxed, @by1 to @by4: dimensions, null for none,
-- @themes_apart, @beneficiaries_apart: whether one of them is that set.
WITH hit AS (
  SELECT CASE
           WHEN f.cell IS NULL AND @boxed::boolean
             OR 'territory' IN (@by1, @by2, @by3, @by4) AND f.territory_id IS NULL
             OR 'region' IN (@by1, @by2, @by3, @by4) AND f.region_code IS NULL
             OR 'area' IN (@by1, @by2, @by3, @by4) AND f.area_code IS NULL
           THEN CASE WHEN f.territory_id IS NULL AND f.region_code IS NULL THEN 'unallocated' ELSE 'withheld' END ELSE 'inside' END AS part,
         f.*
  FROM pub.fact_at(@territory_set::integer) f
  WHERE
  -- include fact_where
)
SELECT part, COALESCE(v1, '') || chr(31) || COALESCE(v2, '') || chr(31) || COALESCE(v3, '') || chr(31) || COALESCE(v4, ''), COALESCE(unit, ''), count(*), sum(pence)::bigint, sum(quantity_milli)::bigint
FROM (
  SELECT f.part, f.unit, f.pence, f.quantity_milli,
  -- include fact_dimension @by1
  AS v1,
  -- include fact_dimension @by2
  AS v2,
  -- include fact_dimension @by3
  AS v3,
  -- include fact_dimension @by4
  AS v4
  FROM hit f
  CROSS JOIN LATERAL unnest(CASE WHEN @themes_apart::boolean AND part = 'inside' AND f.themes <> '{}' THEN f.themes ELSE ARRAY[NULL] END) AS theme
  CROSS JOIN LATERAL unnest(CASE WHEN @beneficiaries_apart::boolean AND part = 'inside' AND f.beneficiaries <> '{}' THEN f.beneficiaries ELSE ARRAY[NULL] END) AS beneficiary
) s
GROUP BY part, v1, v2, v3, v4, unit
