-- Takes back the names of organisations that nothing shown mentions any more.
DELETE FROM pub.organisation o
WHERE NOT EXISTS (SELECT FROM pub.activity a WHERE a.provider_id = o.id)
  AND NOT EXISTS (SELECT FROM pub.fact f WHERE f.supplier_id = o.id)
  AND NOT EXISTS (SELECT FROM pub.fact f WHERE f.buyer_id = o.id)
  AND NOT EXISTS (SELECT FROM pub.fact f WHERE f.provider_id = o.id)
