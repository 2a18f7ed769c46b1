-- How many contributions are not what their parts add up to, or have none, and
-- one of them: what the database would otherwise have checked of each.
SELECT count(*), COALESCE(min(source || '//' || external_id), '')
FROM raw.contribution c
LEFT JOIN (SELECT contribution_id, sum(pence) AS pence, sum(quantity_milli) AS milli FROM raw.allocation GROUP BY contribution_id) a ON a.contribution_id = c.id
WHERE (COALESCE(c.value_pence, 0), COALESCE(c.quantity_milli, 0)) IS DISTINCT FROM (a.pence, a.milli)
