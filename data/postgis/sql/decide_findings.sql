-- A finding stands where its last review put it. One that is upheld falls on
-- the contribution that the review names first. A confirmed one gets the
-- grace period of its policy, where that gives one: nobody invents another.
WITH last AS (
  SELECT DISTINCT ON (r.finding, LEAST(r.contribution_id, COALESCE(r.other_id, r.contribution_id)), GREATEST(r.contribution_id, COALESCE(r.other_id, r.contribution_id)))
         r.finding, LEAST(r.contribution_id, COALESCE(r.other_id, r.contribution_id)) AS a,
         CASE WHEN r.other_id IS NOT NULL THEN GREATEST(r.contribution_id, r.other_id) END AS b, r.decision, r.date, r.contribution_id
  FROM raw.review r
  ORDER BY r.finding, LEAST(r.contribution_id, COALESCE(r.other_id, r.contribution_id)), GREATEST(r.contribution_id, COALESCE(r.other_id, r.contribution_id)), r.date DESC, r.updated_at DESC, r.id DESC
)
UPDATE raw.finding f
SET state = l.decision,
    falls_id = CASE WHEN l.decision = 'upheld' THEN l.contribution_id END,
    grace_until = CASE WHEN l.decision = 'confirmed' THEN l.date + (
      SELECT min(p.grace_days)
      FROM raw.allocation a
      JOIN pub.policy_in_force p ON p.territory_id = a.territory_id AND l.date >= p.in_force_from AND l.date < p.in_force_to
      WHERE a.contribution_id = f.contribution_id) ELSE f.grace_until END
FROM last l
WHERE f.kind = l.finding AND f.contribution_id = l.a AND f.other_id IS NOT DISTINCT FROM l.b
  AND (f.state, f.falls_id) IS DISTINCT FROM (l.decision, CASE WHEN l.decision = 'upheld' THEN l.contribution_id END)
