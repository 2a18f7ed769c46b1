-- Closes the activities of a source that its newer file no longer has.
-- @source, @run.
WITH closed AS (
  UPDATE raw.activity a
  SET status = 'closed', updated_at = now(), run_id = @run
  WHERE a.source = @source AND a.status <> 'closed'
    AND NOT EXISTS (SELECT FROM stage s WHERE s.external_id = a.external_id)
    AND NOT EXISTS (SELECT FROM refused_id x WHERE x.external_id = a.external_id)
  RETURNING a.id
)
INSERT INTO touched (activity_id)
SELECT id FROM closed EXCEPT SELECT activity_id FROM touched
