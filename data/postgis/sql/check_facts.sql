-- All public facts by territory, type, state and month, as one text, and unit;
-- those without a territory as withheld, or unallocated if they have no region
-- either.
SELECT CASE WHEN territory_id IS NOT NULL THEN concat_ws(' ', territory_id, type, state, to_char(day, 'YYYY-MM'))
            WHEN region_code IS NOT NULL THEN 'withheld' ELSE 'unallocated' END,
       COALESCE(unit, ''), count(*), sum(pence)::bigint, sum(quantity_milli)::bigint
FROM pub.fact
GROUP BY 1, 2
