-- Contracts of a supplier or a buyer, or in an office's territories.
-- @organisation, @territories, @everything, @source, @q, @limit, @offset: see own.go.
-- Index: contract (supplier_id), (buyer_id).
WITH own AS (
  SELECT id FROM raw.organisation WHERE source = raw.ref_source(@organisation) AND external_id = raw.ref_id(@organisation)
)
SELECT k.source || '//' || k.external_id, k.title, b.name || ' with ' || s.name,
       CASE WHEN k.closed_on IS NOT NULL THEN 'closed' WHEN EXISTS (SELECT FROM raw.audit x WHERE x.contract_id = k.id) THEN 'audited' WHEN k.ends_on < current_date THEN 'ended' ELSE 'running' END,
       k.ends_on, k.value_pence,
       count(*) OVER ()
FROM raw.contract k JOIN raw.organisation b ON b.id = k.buyer_id JOIN raw.organisation s ON s.id = k.supplier_id
WHERE (@everything OR k.supplier_id = (SELECT id FROM own) OR k.buyer_id = (SELECT id FROM own) OR @territories::text[] IS NOT NULL AND raw.territories_of_contract(k.id) && @territories)
  AND (@q::text = '' OR concat_ws(' ', k.title, b.name, s.name) ILIKE '%' || @q || '%')
ORDER BY k.starts_on DESC, k.id
LIMIT @limit OFFSET @offset
