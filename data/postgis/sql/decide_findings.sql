-- A finding stands where its last review put it. A confirmed one gets the
-- grace period of its policy, where that gives one: nobody invents another.
WITH last AS (
  SELECT DISTINCT ON (r.finding, LEAST(r.contribution_id, COALESCE(r.other_id, r.contribution_id)), GREATEST(r.contribution_id, COALESCE(r.other_id, r.contribution_id)))
         r.finding, LEAST(r.contribution_id, COALESCE(r.other_id, r.contribution_id)) AS a,
         CASE WHEN r.other_id IS NOT NULL THEN GREATEST(r.contribution_id, r.other_id) END AS b, r.decision, r.date
  FROM raw.review r
  ORDER BY r.finding, LEAST(r.contribution_id, COALESCE(r.other_id, r.contribution_id)), GREATEST(r.contribution_id, COALESCE(r.other_id, r.contribution_id)), r.date DESC, r.updated_at DESC, r.id DESC
)
UPDATE raw.finding f
SET state = l.decision,
    grace_until = CASE WHEN l.decision = 'confirmed' THEN l.date + (
      SELECT min((p.policy->>'grace_days')::integer)
      FROM raw.contribution c
      JOIN raw.allocation a ON a.contribution_id = c.id
      JOIN pub.plan_territory t ON t.territory_id = a.territory_id
      JOIN pub.plan p ON p.id = t.plan_id AND l.date >= p.valid_from AND l.date < p.valid_to
      WHERE c.id = f.contribution_id) END
FROM last l
WHERE f.kind = l.finding AND f.contribution_id = l.a AND f.other_id IS NOT DISTINCT FROM l.b
  AND (f.state <> l.decision)
