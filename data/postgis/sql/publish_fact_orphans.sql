-- Takes back the names of organisations that facts named which were taken back,
-- where nothing shown mentions them any more. Those that the new facts name are
-- left alone without a search.
DELETE FROM pub.organisation o
USING (
  SELECT id FROM named
  EXCEPT SELECT s.supplier_id FROM subject s JOIN raw.organisation u ON u.id = s.supplier_id AND NOT u.sole_trader WHERE s.class < 's3'
  EXCEPT SELECT a.provider_id FROM raw.activity a WHERE a.id IN (SELECT activity_id FROM subject WHERE class < 's3')
  EXCEPT SELECT k.buyer_id FROM raw.contract k WHERE k.id IN (SELECT contract_id FROM subject WHERE class < 's3')
) n
WHERE o.id = n.id
  AND NOT EXISTS (SELECT FROM pub.activity a WHERE a.provider_id = o.id)
  AND NOT EXISTS (SELECT FROM pub.fact f WHERE f.supplier_id = o.id)
  AND NOT EXISTS (SELECT FROM pub.fact f WHERE f.buyer_id = o.id)
  AND NOT EXISTS (SELECT FROM pub.fact f WHERE f.provider_id = o.id)
