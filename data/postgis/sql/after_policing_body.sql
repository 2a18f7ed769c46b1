-- Publishes the policing bodies.
INSERT INTO pub.policing_body (id, kind, name, url, planned_end)
SELECT external_id, kind, name, url, planned_end FROM raw.policing_body
ON CONFLICT (id) DO UPDATE SET kind = EXCLUDED.kind, name = EXCLUDED.name, url = EXCLUDED.url, planned_end = EXCLUDED.planned_end
