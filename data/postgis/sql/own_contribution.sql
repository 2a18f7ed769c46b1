-- Contributions of a supplier, to a provider, under a buyer's contracts, or in an office's territories.
-- @organisation, @territories, @everything, @source, @q, @limit, @offset: see own.go.
-- Index: contribution (supplier_id), (contract_id), (activity_id).
WITH own AS (
  SELECT id FROM raw.organisation WHERE source = raw.ref_source(@organisation) AND external_id = raw.ref_id(@organisation)
)
SELECT c.source || '//' || c.external_id, COALESCE(NULLIF(c.title, ''), a.name, initcap(replace(c.type, '_', ' '))), s.name, c.state, c.delivered_from, c.value_pence,
       count(*) OVER ()
FROM raw.contribution c
JOIN raw.organisation s ON s.id = c.supplier_id
LEFT JOIN raw.activity a ON a.id = c.activity_id
LEFT JOIN raw.contract k ON k.id = c.contract_id
WHERE (@everything OR c.supplier_id = (SELECT id FROM own) OR a.provider_id = (SELECT id FROM own) OR c.provider_id = (SELECT id FROM own) OR k.buyer_id = (SELECT id FROM own)
       OR @territories::text[] IS NOT NULL AND EXISTS (SELECT FROM raw.allocation x WHERE x.contribution_id = c.id AND x.territory_id = ANY (@territories)))
  AND (@q::text = '' OR concat_ws(' ', c.title, a.name, s.name) ILIKE '%' || @q || '%')
ORDER BY c.delivered_from DESC, c.id
LIMIT @limit OFFSET @offset
