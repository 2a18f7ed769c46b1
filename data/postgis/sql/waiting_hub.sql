-- What waits for a hub: indicators of its own without a value of the last year.
-- @source.
SELECT 'indicator_unobserved' AS why, 'indicator' AS kind, i.source || '//' || i.external_id AS ref, i.title AS name, i.unit AS about, max(b.period_end) AS day, NULL::text AS other, i.updated_at AS at
FROM raw.indicator i LEFT JOIN raw.observation b ON b.indicator_id = i.id
WHERE i.source = @source
GROUP BY i.id
HAVING COALESCE(max(b.period_end), '-infinity') < current_date - 365
ORDER BY day NULLS FIRST, at DESC, ref
