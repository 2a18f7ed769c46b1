-- Progress updates of a supplier's, a buyer's or a territory's contracts.
-- @organisation, @territories, @everything, @source, @q, @limit, @offset: see own.go.
-- Index: contract (supplier_id), (buyer_id), progress_update (contract_id).
WITH own AS (
  SELECT id FROM raw.organisation WHERE source = raw.ref_source(@organisation) AND external_id = raw.ref_id(@organisation)
)
SELECT u.source || '//' || u.external_id, k.title, b.name, CASE WHEN u.submitted_on IS NOT NULL THEN 'sent' WHEN p.due_on < current_date THEN 'overdue' ELSE 'due' END, COALESCE(u.submitted_on, p.due_on, u.period_end), NULL::bigint,
       count(*) OVER ()
FROM raw.progress_update u JOIN raw.contract k ON k.id = u.contract_id JOIN raw.organisation b ON b.id = k.buyer_id LEFT JOIN pub.progress_update p ON p.id = u.id
WHERE (@everything OR k.supplier_id = (SELECT id FROM own) OR k.buyer_id = (SELECT id FROM own) OR @territories::text[] IS NOT NULL AND raw.territories_of_contract(k.id) && @territories)
  AND (@q::text = '' OR concat_ws(' ', k.title, b.name) ILIKE '%' || @q || '%')
ORDER BY u.period_end DESC, u.id
LIMIT @limit OFFSET @offset
