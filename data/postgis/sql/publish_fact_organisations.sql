-- Names the organisations that the subjects' facts mention, those that are not
-- named so already; suppliers who are a person are not. In order, so that two parts of a large load do not wait for
-- each other in a circle.
INSERT INTO pub.organisation AS p (id, name)
SELECT o.id, o.name FROM raw.organisation o
WHERE o.id IN (
  SELECT s.supplier_id FROM subject s JOIN raw.organisation u ON u.id = s.supplier_id AND NOT u.sole_trader WHERE s.class < 's3'
  UNION
  SELECT COALESCE(a.provider_id, s.provider_id) FROM subject s LEFT JOIN raw.activity a ON a.id = s.activity_id WHERE s.class < 's3'
  UNION
  SELECT k.buyer_id FROM raw.contract k WHERE k.id IN (SELECT contract_id FROM subject WHERE class < 's3'))
  AND NOT EXISTS (SELECT FROM pub.organisation n WHERE n.id = o.id AND n.name = o.name)
ORDER BY o.id
ON CONFLICT (id) DO UPDATE SET name = EXCLUDED.name WHERE p.name <> EXCLUDED.name
