-- Publishes the priorities.
INSERT INTO pub.priority (code, plan_id, name, position, replaces)
SELECT external_id, plan, name, COALESCE(position, 0), replaces FROM raw.priority
ON CONFLICT (code) DO UPDATE SET plan_id = EXCLUDED.plan_id, name = EXCLUDED.name, position = EXCLUDED.position, replaces = EXCLUDED.replaces
