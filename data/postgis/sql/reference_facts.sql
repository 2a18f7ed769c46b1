-- Brings the facts of the reference up to date: what is new is added, what
-- differs is changed, nothing is deleted, as records hang on them. Governance
-- rows that somebody ended stay ended.
-- $1: the facts as JSON.
WITH doc AS (SELECT $1::jsonb AS d),
region AS (
  INSERT INTO pub.region (code, itl1, nuts1, name, name_cy, nation)
  SELECT r->>'code', r->>'itl1_code', r->>'nuts1_code', r->>'name', r->>'name_cy', r->>'nation'
  FROM doc, jsonb_array_elements(d->'regions') r
  ON CONFLICT (code) DO UPDATE SET itl1 = EXCLUDED.itl1, nuts1 = EXCLUDED.nuts1, name = EXCLUDED.name, name_cy = EXCLUDED.name_cy, nation = EXCLUDED.nation
  RETURNING code
), territory AS (
  INSERT INTO pub.territory (id, code, code_kind, name, name_cy, force, police_uk_id, region_code, nation, plan_kind)
  SELECT t->>'id', t->>'code', t->>'code_kind', t->>'name', t->>'name_cy', t->>'force', t->>'data_police_uk_id', t->>'region', t->>'nation', t->>'plan_kind'
  FROM doc, jsonb_array_elements(d->'territories') t
  WHERE EXISTS (SELECT FROM region)
  ON CONFLICT (id) DO UPDATE SET code = EXCLUDED.code, code_kind = EXCLUDED.code_kind, name = EXCLUDED.name, name_cy = EXCLUDED.name_cy,
    force = EXCLUDED.force, police_uk_id = EXCLUDED.police_uk_id, region_code = EXCLUDED.region_code, nation = EXCLUDED.nation, plan_kind = EXCLUDED.plan_kind
  RETURNING id
), body AS (
  INSERT INTO pub.policing_body (id, kind, name, planned_end)
  SELECT b->>'id', b->>'kind', b->>'name', b->>'planned_end' FROM doc, jsonb_array_elements(d->'bodies') b
  ON CONFLICT (id) DO UPDATE SET kind = EXCLUDED.kind, name = EXCLUDED.name, planned_end = EXCLUDED.planned_end
  RETURNING id
), governance AS (
  INSERT INTO pub.governance (body_id, territory_id, valid_from, valid_to)
  SELECT g->>'body', g->>'territory', COALESCE((g->>'valid_from')::date, '-infinity'), COALESCE((g->>'valid_to')::date, 'infinity')
  FROM doc, jsonb_array_elements(d->'governance') g
  WHERE EXISTS (SELECT FROM territory) AND EXISTS (SELECT FROM body)
  ON CONFLICT DO NOTHING
)
INSERT INTO pub.district (code, name, name_cy, kind, territory_id)
SELECT x->>'code', x->>'name', x->>'name_cy', x->>'kind', x->>'territory'
FROM doc, jsonb_array_elements(d->'districts') x
WHERE EXISTS (SELECT FROM territory)
ON CONFLICT (code) DO UPDATE SET name = EXCLUDED.name, name_cy = EXCLUDED.name_cy, kind = EXCLUDED.kind, territory_id = EXCLUDED.territory_id
