-- Brings the districts up to date: what is new is added, what differs is
-- changed, nothing is deleted, as records hang on them.
-- $1: them as JSON.
INSERT INTO pub.district (code, name, name_cy, kind, territory_id)
SELECT x->>'code', x->>'name', x->>'name_cy', x->>'kind', x->>'territory'
FROM jsonb_array_elements($1::jsonb) x
ON CONFLICT (code) DO UPDATE SET name = EXCLUDED.name, name_cy = EXCLUDED.name_cy, kind = EXCLUDED.kind, territory_id = EXCLUDED.territory_id
