-- One contract: its quantum, its progress updates as on @day, its orders to
-- listed activities.
-- @id, @day.
-- Index: commitment, progress_update (contract_id), purchase_order
-- (commitment_id).
SELECT
  -- include contract_columns
  , COALESCE(k.ocid, ''), k.signed_on,
  COALESCE((SELECT jsonb_agg(jsonb_strip_nulls(jsonb_build_object('id', m.id, 'measure', m.measure, 'name', w.name, 'quantity_milli', m.quantity_milli, 'unit', m.unit, 'pence', m.value_pence, 'due_on', m.due_on, 'clause', m.clause)) ORDER BY m.due_on, m.measure, m.id)
    FROM pub.commitment m LEFT JOIN pub.measure w ON w.code = m.measure WHERE m.contract_id = k.id), '[]'),
  COALESCE((SELECT jsonb_agg(jsonb_strip_nulls(jsonb_build_object('from', u.period_start, 'to', u.period_end, 'due_on', u.due_on, 'submitted_on', u.submitted_on,
      'state', CASE WHEN u.submitted_on <= @day THEN CASE WHEN u.submitted_on > u.due_on THEN 'late' ELSE 'submitted' END WHEN u.due_on IS NULL THEN 'no due day' WHEN u.due_on < @day THEN 'overdue' ELSE 'due' END)) ORDER BY u.period_start DESC, u.id)
    FROM pub.progress_update u WHERE u.contract_id = k.id), '[]'),
  COALESCE((SELECT jsonb_agg(jsonb_strip_nulls(jsonb_build_object('id', o.id, 'activity', jsonb_build_object('id', a.id, 'name', a.name), 'type', o.type, 'quantity_milli', o.quantity_milli, 'unit', o.unit, 'pence', o.value_pence, 'issued_on', o.issued_on, 'state', o.state, 'since', o.state_on)) ORDER BY o.issued_on DESC NULLS LAST, o.id)
    FROM pub.purchase_order o JOIN pub.activity a ON a.id = o.activity_id WHERE o.contract_id = k.id), '[]')
FROM pub.contract k
WHERE k.id = @id::uuid
