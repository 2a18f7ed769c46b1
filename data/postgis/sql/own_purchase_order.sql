-- Orders of a supplier, for a provider, under a buyer's contracts, or for activities in an office's territories.
-- @organisation, @territories, @everything, @source, @q, @limit, @offset: see own.go.
-- Index: purchase_order (supplier_id), (activity_id).
WITH own AS (
  SELECT id FROM raw.organisation WHERE source = raw.ref_source(@organisation) AND external_id = raw.ref_id(@organisation)
)
SELECT o.source || '//' || o.external_id, a.name, s.name, o.state, o.issued_on, o.value_pence,
       count(*) OVER ()
FROM raw.purchase_order o
JOIN raw.activity a ON a.id = o.activity_id
JOIN raw.organisation s ON s.id = o.supplier_id
LEFT JOIN raw.commitment m ON m.id = o.commitment_id
LEFT JOIN raw.contract k ON k.id = m.contract_id
WHERE (@everything OR o.supplier_id = (SELECT id FROM own) OR a.provider_id = (SELECT id FROM own) OR k.buyer_id = (SELECT id FROM own) OR @territories::text[] IS NOT NULL AND EXISTS (SELECT FROM raw.place x WHERE x.activity_id = a.id AND x.territory_id = ANY (@territories)))
  AND (@q::text = '' OR concat_ws(' ', a.name, s.name) ILIKE '%' || @q || '%')
ORDER BY o.updated_at DESC, o.id
LIMIT @limit OFFSET @offset
