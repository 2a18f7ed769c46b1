-- Shows in their evidence state the contributions that are in a finding with a
-- subject and are no subjects themselves, and notes in "people_group" where they
-- count people.
WITH other AS (
  SELECT DISTINCT x.id
  FROM (
    SELECT f.contribution_id, f.other_id FROM subject s JOIN raw.finding f ON f.contribution_id = s.contribution_id
    UNION ALL
    SELECT f.contribution_id, f.other_id FROM subject s JOIN raw.finding f ON f.other_id = s.contribution_id
  ) f
  CROSS JOIN LATERAL (VALUES (f.contribution_id), (f.other_id)) x(id)
  WHERE x.id IS NOT NULL AND NOT EXISTS (SELECT FROM subject y WHERE y.contribution_id = x.id)
), restated AS (
UPDATE pub.fact f SET state = raw.shown_state(c.state, h.open, h.falls)
FROM other o
JOIN raw.contribution c ON c.id = o.id
JOIN raw.allocation a ON a.contribution_id = c.id
LEFT JOIN raw.held h ON h.contribution_id = c.id
WHERE f.id = a.fact_id AND f.state <> raw.shown_state(c.state, h.open, h.falls)
RETURNING f.territory_id, f.measure, f.day, f.unit
)
INSERT INTO people_group SELECT DISTINCT territory_id, COALESCE(measure, ''), date_trunc('quarter', day)::date FROM restated WHERE unit = 'people' AND territory_id IS NOT NULL
