-- One page of the public facts under a filter, in the order of their ids.
-- Fact filter arguments; @after: the id before the page; @limit.
-- Index: fact by primary key.
SELECT f.id, f.day, f.type, COALESCE(f.measure, ''), COALESCE(f.priority, ''), f.state, f.standing, f.pence, f.quantity_milli, COALESCE(f.unit, ''), f.level,
       COALESCE(f.territory_id, ''), COALESCE(f.region_code, ''), COALESCE(f.area_code, ''), COALESCE(to_hex(f.cell), ''), COALESCE(f.sector, ''),
       COALESCE(f.supplier_id::text, ''), COALESCE(s.name, ''), COALESCE(f.buyer_id::text, ''), COALESCE(b.name, ''), COALESCE(f.provider_id::text, ''), COALESCE(p.name, ''),
       COALESCE(a.id::text, ''), COALESCE(a.name, ''), COALESCE(f.contribution_id::text, '')
FROM pub.fact_at(@territory_set::integer) f
LEFT JOIN pub.organisation s ON s.id = f.supplier_id
LEFT JOIN pub.organisation b ON b.id = f.buyer_id
LEFT JOIN pub.organisation p ON p.id = f.provider_id
LEFT JOIN pub.activity a ON a.id = f.activity_id
WHERE f.id > @after::bigint AND
-- include fact_where
ORDER BY f.id
LIMIT @limit
