-- Publishes the territories. One ends when another that names it as a
-- predecessor begins.
INSERT INTO pub.territory (id, code, code_kind, name, name_cy, force, police_uk_id, region_code, nation, plan_kind, predecessors, valid_from, valid_to, onboarding, onboarded_on)
SELECT t.external_id, t.code, t.code_kind, t.name, t.name_cy, t.force, t.police_uk_id, t.region, r.nation, t.plan_kind, t.predecessors,
       COALESCE(t.valid_from, '-infinity'),
       COALESCE((SELECT min(n.valid_from) FROM raw.territory n WHERE t.external_id = ANY (n.predecessors)), 'infinity'),
       COALESCE(t.onboarding, 'not_started'), t.onboarded_on
FROM raw.territory t JOIN pub.region r ON r.code = t.region
ON CONFLICT (id) DO UPDATE SET code = EXCLUDED.code, code_kind = EXCLUDED.code_kind, name = EXCLUDED.name, name_cy = EXCLUDED.name_cy,
  force = EXCLUDED.force, police_uk_id = EXCLUDED.police_uk_id, region_code = EXCLUDED.region_code, nation = EXCLUDED.nation, plan_kind = EXCLUDED.plan_kind,
  predecessors = EXCLUDED.predecessors, valid_from = EXCLUDED.valid_from, valid_to = EXCLUDED.valid_to, onboarding = EXCLUDED.onboarding, onboarded_on = EXCLUDED.onboarded_on
