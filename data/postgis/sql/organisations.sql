-- One page of the organisations that anyone may see, by name: those in @given,
-- which have facts under the filter, public buyers for its places, who has
-- contracts there, and who provides activities there.
-- @words: part of the name, lower case, without LIKE's own characters; @role;
-- @given: ids, null for all; @regions, @territories, @sectors; @after_key,
-- @after_id: the last row of the page before, or null; @limit.
-- Index: organisation_name, activity (provider_id), contract (supplier_id).
WITH place AS (
  SELECT array_agg(t.id) AS ids FROM pub.territory t
  WHERE (@territories::text[] IS NULL OR t.id = ANY (@territories)) AND (@regions::text[] IS NULL OR t.region_code = ANY (@regions))
), party AS (
  SELECT p.id, p.name, p.sector,
         (SELECT count(*) FROM pub.activity a WHERE a.provider_id = p.id) AS activities,
         (SELECT count(*) FROM pub.contract k WHERE k.supplier_id = p.id) AS sold,
         (SELECT count(*) FROM pub.contract k WHERE k.buyer_id = p.id) AS bought,
         EXISTS (SELECT FROM pub.fact f WHERE f.supplier_id = p.id) AS gave
  FROM pub.party p
  WHERE @words::text = '' OR lower(p.name) LIKE '%' || @words || '%'
), found AS (
  SELECT p.* FROM party p CROSS JOIN place
  WHERE CASE @role::text WHEN 'supplier' THEN p.gave OR p.sold > 0 WHEN 'buyer' THEN p.sector IS NOT NULL WHEN 'provider' THEN p.activities > 0 ELSE true END
    AND (@given::uuid[] IS NULL OR p.id = ANY (@given)
      OR @role::text IN ('', 'buyer') AND p.sector IS NOT NULL AND (@sectors::text[] IS NULL OR p.sector = ANY (@sectors))
         AND EXISTS (SELECT FROM pub.buyer b WHERE b.id = p.id AND (b.territory_id = ANY (place.ids) OR b.territories && place.ids))
      OR @role::text IN ('', 'supplier') AND EXISTS (SELECT FROM pub.contract k WHERE k.supplier_id = p.id AND k.territories && place.ids AND (@sectors::text[] IS NULL OR k.sector = ANY (@sectors)))
      OR @role::text IN ('', 'provider') AND @sectors::text[] IS NULL
         AND EXISTS (SELECT FROM pub.activity a JOIN pub.place w ON w.activity_id = a.id WHERE a.provider_id = p.id AND w.territory_id = ANY (place.ids)))
)
SELECT lower(f.name), f.id::text, f.name, COALESCE(f.sector, ''), f.activities, f.sold + f.bought,
       array_remove(ARRAY[CASE WHEN f.gave OR f.sold > 0 THEN 'supplier' END, CASE WHEN f.sector IS NOT NULL THEN 'buyer' END, CASE WHEN f.activities > 0 THEN 'provider' END], NULL),
       (SELECT count(*) FROM found)
FROM found f
WHERE @after_key::text IS NULL OR (lower(f.name) COLLATE "C", f.id) > (@after_key, @after_id::uuid)
ORDER BY lower(f.name) COLLATE "C", f.id
LIMIT @limit
