-- Contracts strictly over the threshold of their buyer's policy on the day that
-- they start, where social value is sought, and suppliers that were invited, as
-- known on @day. The largest first.
-- Report arguments.
WITH place AS (
  SELECT id FROM pub.territory t
  WHERE (@territories::text[] IS NULL OR t.id = ANY (@territories)) AND (@regions::text[] IS NULL OR t.region_code = ANY (@regions))
)
SELECT 'sought' AS duty, k.buyer_territory AS territory, k.buyer, k.sector, k.supplier, k.id::text, k.title, k.starts_on AS day, k.value_pence AS amount, p.contract_over_pence,
       (SELECT count(*) FROM pub.commitment m WHERE m.contract_id = k.id) AS commitments, k.sv_clause
FROM pub.contract k
JOIN place ON place.id = k.buyer_territory
JOIN pub.policy_in_force p ON p.territory_id = k.buyer_territory AND k.starts_on >= p.in_force_from AND k.starts_on < p.in_force_to AND k.value_pence > p.contract_over_pence
WHERE k.starts_on <= @day AND (@from::date IS NULL OR k.starts_on >= @from) AND (@to::date IS NULL OR k.starts_on <= @to)
  AND (@sectors::text[] IS NULL OR k.sector = ANY (@sectors)) AND (@buyers::text[] IS NULL OR k.buyer_id::text = ANY (@buyers)) AND (@suppliers::text[] IS NULL OR k.supplier_id::text = ANY (@suppliers))
UNION ALL
SELECT 'invited', i.territory_id, i.buyer, i.sector, i.supplier, NULL, NULL, i.invited_on, i.pence::bigint, i.threshold_pence,
       i.commitments, NULL
FROM pub.invitation i
JOIN place ON place.id = i.territory_id
WHERE i.invited_on <= @day AND (@from::date IS NULL OR i.invited_on >= @from) AND (@to::date IS NULL OR i.invited_on <= @to)
  AND (@sectors::text[] IS NULL OR i.sector = ANY (@sectors)) AND (@buyers::text[] IS NULL OR i.buyer_id::text = ANY (@buyers)) AND (@suppliers::text[] IS NULL OR i.supplier_id::text = ANY (@suppliers))
ORDER BY duty DESC, amount DESC, day, buyer, supplier, 6
