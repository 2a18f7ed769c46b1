-- Progress updates as on @day: overdue ones first, then those to come.
-- Report arguments.
SELECT k.id::text, k.title, k.buyer, k.supplier, u.period_start, u.period_end, u.due_on, u.submitted_on,
       CASE WHEN u.submitted_on <= @day THEN CASE WHEN u.submitted_on > u.due_on THEN 'late' ELSE 'submitted' END
            WHEN u.due_on IS NULL THEN 'no due day' WHEN u.due_on < @day THEN 'overdue' ELSE 'due' END AS state
FROM pub.progress_update u JOIN pub.contract k ON k.id = u.contract_id
WHERE (@from::date IS NULL OR u.period_end >= @from) AND (@to::date IS NULL OR u.period_end <= @to)
  AND (@sectors::text[] IS NULL OR k.sector = ANY (@sectors)) AND (@buyers::text[] IS NULL OR k.buyer_id::text = ANY (@buyers)) AND (@suppliers::text[] IS NULL OR k.supplier_id::text = ANY (@suppliers))
  AND (@territories::text[] IS NULL OR k.territories && @territories)
  AND (@regions::text[] IS NULL OR EXISTS (SELECT FROM pub.territory t WHERE t.id = ANY (k.territories) AND t.region_code = ANY (@regions)))
ORDER BY array_position(ARRAY['overdue', 'due', 'no due day', 'late', 'submitted'], CASE WHEN u.submitted_on <= @day THEN 'submitted' WHEN u.due_on IS NULL THEN 'no due day' WHEN u.due_on < @day THEN 'overdue' ELSE 'due' END), u.due_on, k.title, u.id
