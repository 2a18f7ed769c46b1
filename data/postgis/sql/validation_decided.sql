-- A decision that somebody made takes effect: the activity is validated,
-- suspended, or waits again. Fills "touched".
WITH last AS (
  SELECT DISTINCT ON (v.activity_id) v.activity_id, CASE v.decision WHEN 'validated' THEN 'validated' WHEN 'suspended' THEN 'suspended' ELSE 'submitted' END AS status
  FROM raw.validation v
  WHERE v.activity_id IN (SELECT x.activity_id FROM raw.validation x JOIN changed c ON c.kind = 'validation' AND c.id = x.id)
  ORDER BY v.activity_id, v.decided_on DESC, v.updated_at DESC, v.id DESC
), decided AS (
  UPDATE raw.activity a SET status = l.status, updated_at = now()
  FROM last l WHERE a.id = l.activity_id AND a.status <> 'closed' AND a.status <> l.status
  RETURNING a.id
)
INSERT INTO touched SELECT id FROM decided
