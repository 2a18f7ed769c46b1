-- What a contract that anyone may see is about: the territories and areas where
-- it is delivered, else those that its buyer buys for, and the measures that
-- were committed under it.
-- @id.
SELECT k.title,
       CASE WHEN k.areas <> '{}' OR k.territories <> '{}' THEN k.territories ELSE COALESCE(b.territories, '{}') END,
       ARRAY(SELECT x FROM unnest(CASE WHEN k.areas <> '{}' OR k.territories <> '{}' THEN k.areas ELSE COALESCE(b.areas, '{}') END) x
             WHERE EXISTS (SELECT FROM pub.boundary_set s JOIN pub.shape sh ON sh.set_id = s.id AND sh.code = x WHERE s.current AND s.kind IN ('county_or_unitary', 'district')) ORDER BY 1),
       ARRAY(SELECT DISTINCT m.measure FROM pub.commitment m WHERE m.contract_id = k.id AND m.measure IS NOT NULL ORDER BY 1)
FROM pub.contract k
LEFT JOIN pub.buyer b ON b.id = k.buyer_id
WHERE k.id = @id
