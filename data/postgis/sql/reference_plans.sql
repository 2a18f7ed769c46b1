-- Brings the plans that this binary carries up to date. A plan that was loaded
-- from elsewhere stays.
-- $1: the plans as JSON.
WITH doc AS (
  SELECT p AS d FROM jsonb_array_elements($1::jsonb) p
), plan AS (
  INSERT INTO pub.plan (id, kind, title, valid_from, valid_to, policy)
  SELECT d->>'id', d->>'kind', d->>'title', COALESCE((d->>'valid_from')::date, '-infinity'), COALESCE((d->>'valid_to')::date, 'infinity'), d->'policy' FROM doc
  ON CONFLICT (id) DO UPDATE SET kind = EXCLUDED.kind, title = EXCLUDED.title, valid_from = EXCLUDED.valid_from, valid_to = EXCLUDED.valid_to, policy = EXCLUDED.policy
  RETURNING id
), territory AS (
  INSERT INTO pub.plan_territory (plan_id, territory_id)
  SELECT d->>'id', t FROM doc CROSS JOIN jsonb_array_elements_text(d->'territories') t WHERE EXISTS (SELECT FROM plan)
  ON CONFLICT DO NOTHING
), priority AS (
  INSERT INTO pub.priority (code, plan_id, name, position)
  SELECT q.p->>'code', d->>'id', q.p->>'name', q.n FROM doc CROSS JOIN jsonb_array_elements(d->'priorities') WITH ORDINALITY AS q(p, n) WHERE EXISTS (SELECT FROM plan)
  ON CONFLICT (code) DO UPDATE SET name = EXCLUDED.name, position = EXCLUDED.position
  RETURNING code
)
INSERT INTO pub.measure (code, priority_code, name, types, units, beneficiaries, target_area, in_territory, class, frameworks, position)
SELECT q.m->>'code', q.m->>'priority', q.m->>'name', ARRAY(SELECT jsonb_array_elements_text(q.m->'types')), ARRAY(SELECT jsonb_array_elements_text(q.m->'units')),
       ARRAY(SELECT jsonb_array_elements_text(q.m->'beneficiaries')), q.m->>'target_area', (q.m->>'in_territory')::boolean, substr(q.m->>'class', 2)::smallint,
       ARRAY(SELECT jsonb_array_elements_text(COALESCE(NULLIF(q.m->'frameworks', 'null'), '[]'))), q.n
FROM doc CROSS JOIN jsonb_array_elements(d->'measures') WITH ORDINALITY AS q(m, n)
WHERE EXISTS (SELECT FROM priority)
ON CONFLICT (code) DO UPDATE SET priority_code = EXCLUDED.priority_code, name = EXCLUDED.name, types = EXCLUDED.types, units = EXCLUDED.units,
  beneficiaries = EXCLUDED.beneficiaries, target_area = EXCLUDED.target_area, in_territory = EXCLUDED.in_territory, class = EXCLUDED.class,
  frameworks = EXCLUDED.frameworks, position = EXCLUDED.position
