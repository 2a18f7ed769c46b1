-- Publishes the procurement groups.
INSERT INTO pub.procurement_group (id, name, territories, url, note)
SELECT external_id, name, territories, url, note FROM raw.procurement_group
ON CONFLICT (id) DO UPDATE SET name = EXCLUDED.name, territories = EXCLUDED.territories, url = EXCLUDED.url, note = EXCLUDED.note
