-- Delivery sites of a supplier's, a buyer's or a territory's contracts.
-- @organisation, @territories, @everything, @source, @q, @limit, @offset: see own.go.
-- Index: contract (supplier_id), (buyer_id), delivery_site (contract_id).
WITH own AS (
  SELECT id FROM raw.organisation WHERE source = raw.ref_source(@organisation) AND external_id = raw.ref_id(@organisation)
)
SELECT d.source || '//' || d.external_id, COALESCE(d.name, k.title), k.title, CASE WHEN d.demise IS NOT NULL THEN 'demise drawn' ELSE 'no demise' END, d.updated_at::date, NULL::bigint,
       count(*) OVER ()
FROM raw.delivery_site d JOIN raw.contract k ON k.id = d.contract_id
WHERE (@everything OR k.supplier_id = (SELECT id FROM own) OR k.buyer_id = (SELECT id FROM own) OR @territories::text[] IS NOT NULL AND raw.territories_of_contract(k.id) && @territories)
  AND (@q::text = '' OR concat_ws(' ', d.name, k.title) ILIKE '%' || @q || '%')
ORDER BY d.updated_at DESC, d.id
LIMIT @limit OFFSET @offset
