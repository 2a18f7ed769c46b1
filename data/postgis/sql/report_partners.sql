-- What organisations gave, or had given under their contracts, by measure and
-- unit.
-- Report arguments, where @buyers are the partners.
WITH hit AS (
  SELECT x.partner, f.*
  FROM unnest(@buyers::text[]) x(partner)
  JOIN pub.fact_at(@territory_set::integer) f ON x.partner IN (f.buyer_id::text, f.supplier_id::text)
  WHERE f.state <> 'rejected' AND f.standing = ANY (@standings::text[])
    AND (@from::date IS NULL OR f.day >= @from) AND (@to::date IS NULL OR f.day <= @to)
    AND (@regions::text[] IS NULL OR f.region_code = ANY (@regions)) AND (@territories::text[] IS NULL OR f.territory_id = ANY (@territories))
    AND (@areas::text[] IS NULL OR f.area_code = ANY (@areas)) AND (@measures::text[] IS NULL OR f.measure = ANY (@measures))
)
SELECT h.measure, m.name, h.partner, o.name, h.unit, sum(h.quantity_milli)::bigint, sum(h.pence)::bigint, count(*)
FROM hit h LEFT JOIN pub.measure m ON m.code = h.measure LEFT JOIN pub.organisation o ON o.id::text = h.partner
GROUP BY h.measure, m.name, h.partner, o.name, h.unit
ORDER BY h.measure NULLS LAST, o.name, h.partner, h.unit
