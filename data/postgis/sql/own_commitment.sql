-- What a supplier's, a buyer's or a territory's contracts secure.
-- @organisation, @territories, @everything, @source, @q, @limit, @offset: see own.go.
-- Index: contract (supplier_id), (buyer_id), commitment (contract_id).
WITH own AS (
  SELECT id FROM raw.organisation WHERE source = raw.ref_source(@organisation) AND external_id = raw.ref_id(@organisation)
)
SELECT m.source || '//' || m.external_id, k.title, concat_ws(': ', m.measure, e.name), CASE WHEN m.due_on < current_date THEN 'past its day' ELSE 'owed' END, m.due_on, m.value_pence,
       count(*) OVER ()
FROM raw.commitment m JOIN raw.contract k ON k.id = m.contract_id LEFT JOIN pub.measure e ON e.code = m.measure
WHERE (@everything OR k.supplier_id = (SELECT id FROM own) OR k.buyer_id = (SELECT id FROM own) OR @territories::text[] IS NOT NULL AND raw.territories_of_contract(k.id) && @territories)
  AND (@q::text = '' OR concat_ws(' ', k.title, m.measure, e.name) ILIKE '%' || @q || '%')
ORDER BY m.due_on DESC NULLS LAST, m.id
LIMIT @limit OFFSET @offset
