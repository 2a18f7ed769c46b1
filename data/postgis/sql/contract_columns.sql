  k.id::text, k.title, k.kind, k.buyer_id::text, k.buyer, COALESCE(k.sector, ''), COALESCE(k.supplier_id::text, ''), k.supplier, k.value_pence, k.starts_on, k.ends_on, k.closed_on, k.sv_clause, k.territories,
  (SELECT count(*) FROM pub.commitment m WHERE m.contract_id = k.id), (SELECT COALESCE(sum(m.value_pence), 0)::bigint FROM pub.commitment m WHERE m.contract_id = k.id),
  (SELECT count(*) FROM pub.progress_update u WHERE u.contract_id = k.id AND u.submitted_on IS NULL AND u.due_on < @day::date), k.audited_on, COALESCE(k.audit_result, '')
