-- What each contribution of a piece is, against the sum of its parts: where they
-- differ, or there are none.
-- @after, @upto: ids of contributions.
-- Index: contribution (id), allocation (contribution_id).
SELECT (SELECT x.source || '//' || x.external_id FROM raw.contribution x WHERE x.id = c.id) AS subject,
       format('%s pence and %s thousandths, in parts %s and %s', COALESCE(c.value_pence, 0), COALESCE(c.quantity_milli, 0), COALESCE(a.pence, 0), COALESCE(a.milli, 0)) AS detail
FROM raw.contribution c
LEFT JOIN (
  SELECT contribution_id, sum(pence) AS pence, sum(quantity_milli) AS milli FROM raw.allocation
  WHERE contribution_id > @after::uuid AND contribution_id <= @upto::uuid GROUP BY contribution_id
) a ON a.contribution_id = c.id
WHERE c.id > @after::uuid AND c.id <= @upto::uuid AND (COALESCE(c.value_pence, 0), COALESCE(c.quantity_milli, 0)) IS DISTINCT FROM (a.pence, a.milli)
ORDER BY 1
