-- Names the organisations that the subjects' facts mention.
INSERT INTO pub.organisation AS p (id, name)
SELECT o.id, o.name FROM raw.organisation o
WHERE o.id IN (
  SELECT s.supplier_id FROM subject s WHERE s.class < 's3'
  UNION
  SELECT COALESCE(a.provider_id, s.provider_id) FROM subject s LEFT JOIN raw.activity a ON a.id = s.activity_id WHERE s.class < 's3'
  UNION
  SELECT k.buyer_id FROM raw.contract k WHERE k.id IN (SELECT contract_id FROM subject WHERE class < 's3'))
ON CONFLICT (id) DO UPDATE SET name = EXCLUDED.name WHERE p.name <> EXCLUDED.name
