-- What each supplier gave in each territory, and how much of it went to no
-- activity on record. Those who may not be named are not in the list.
-- Report arguments.
SELECT f.territory_id, f.supplier_id::text, o.name, sum(f.pence)::bigint, COALESCE(sum(f.pence) FILTER (WHERE f.activity_id IS NULL), 0)::bigint AS alone, count(*), count(*) FILTER (WHERE f.activity_id IS NULL)
FROM pub.fact_at(@territory_set::integer) f JOIN pub.organisation o ON o.id = f.supplier_id
WHERE
  -- include fact_filter
GROUP BY f.territory_id, f.supplier_id, o.name
ORDER BY f.territory_id NULLS LAST, alone DESC, o.name, f.supplier_id
