-- One page of the contracts under a filter, the last to begin first.
-- @regions, @territories, @sectors, @buyers, @suppliers, @from, @to, @day;
-- @skip: how many rows come before the page; @limit.
SELECT count(*) OVER (),
  -- include contract_columns
FROM pub.contract k
WHERE (@from::date IS NULL OR k.starts_on >= @from) AND (@to::date IS NULL OR k.starts_on <= @to)
  AND (@sectors::text[] IS NULL OR k.sector = ANY (@sectors)) AND (@buyers::text[] IS NULL OR k.buyer_id::text = ANY (@buyers)) AND (@suppliers::text[] IS NULL OR k.supplier_id::text = ANY (@suppliers))
  AND (@territories::text[] IS NULL OR k.territories && @territories)
  AND (@regions::text[] IS NULL OR EXISTS (SELECT FROM pub.territory t WHERE t.id = ANY (k.territories) AND t.region_code = ANY (@regions)))
ORDER BY k.starts_on DESC, k.title, k.id
LIMIT @limit OFFSET @skip
