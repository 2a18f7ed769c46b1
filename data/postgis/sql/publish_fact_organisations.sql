-- Names the organisations that the subjects' facts mention.
INSERT INTO pub.organisation AS p (id, name)
SELECT o.id, o.name FROM raw.organisation o
WHERE o.id IN (
  SELECT unnest(ARRAY[f.supplier_id, f.buyer_id, f.provider_id])
  FROM subject s JOIN raw.allocation a USING (contribution_id) JOIN pub.fact f ON f.id = a.fact_id)
ON CONFLICT (id) DO UPDATE SET name = EXCLUDED.name WHERE p.name <> EXCLUDED.name
