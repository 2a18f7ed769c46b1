-- Publishes the plans, and which territory has which plan when: a later plan
-- of the same kind ends the one before it there, local plans stand beside.
WITH plan AS (
  INSERT INTO pub.plan (id, kind, title, url, valid_from, valid_to)
  SELECT external_id, kind, title, url, COALESCE(valid_from, '-infinity'), COALESCE(valid_to, 'infinity') FROM raw.plan
  ON CONFLICT (id) DO UPDATE SET kind = EXCLUDED.kind, title = EXCLUDED.title, url = EXCLUDED.url, valid_from = EXCLUDED.valid_from, valid_to = EXCLUDED.valid_to
  RETURNING id
), span AS (
  SELECT p.external_id AS plan_id, t AS territory_id, COALESCE(p.valid_from, '-infinity') AS valid_from,
         LEAST(COALESCE(p.valid_to, 'infinity'), CASE WHEN p.kind <> 'local_plan' THEN
           lead(COALESCE(p.valid_from, '-infinity'), 1, 'infinity') OVER (PARTITION BY t, p.kind ORDER BY p.valid_from NULLS FIRST, p.updated_at, p.id) END) AS valid_to
  FROM raw.plan p CROSS JOIN unnest(p.territories) t
), gone AS (
  DELETE FROM pub.plan_territory RETURNING plan_id
)
INSERT INTO pub.plan_territory (plan_id, territory_id, valid_from, valid_to)
SELECT plan_id, territory_id, valid_from, valid_to FROM span
WHERE valid_from < valid_to AND (SELECT count(*) FROM plan) >= 0 AND (SELECT count(*) FROM gone) >= 0 -- after them
