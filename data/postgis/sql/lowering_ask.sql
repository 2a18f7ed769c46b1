-- Asks to lower an activity's class, in place of what was asked before; no row
-- if it is not on record, or no more sensitive than that.
-- @source, @id, @class, @reason, @by.
WITH found AS (
  SELECT a.source, a.external_id FROM raw.activity a WHERE a.source = @source AND a.external_id = @id AND a.class > @class AND a.class >= 2
), before AS (
  UPDATE raw.lowering l SET ended_at = now() FROM found f WHERE l.source = f.source AND l.external_id = f.external_id AND l.ended_at IS NULL RETURNING l.id
)
INSERT INTO raw.lowering (source, external_id, class, reason, asked_by)
SELECT source, external_id, @class, @reason, @by FROM found WHERE (SELECT count(*) FROM before) >= 0 -- after it
RETURNING id
