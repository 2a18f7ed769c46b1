-- Contracts that closed without an audit.
SELECT k.source || '//' || k.external_id, k.closed_on::text
FROM raw.contract k WHERE k.closed_on IS NOT NULL AND NOT EXISTS (SELECT FROM raw.audit a WHERE a.contract_id = k.id)
ORDER BY 1
