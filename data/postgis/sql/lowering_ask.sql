-- Asks to lower the class of an activity, a contract or a contribution, in place of what was
-- asked before; no row if it is not on record, or no more sensitive than that.
-- @kind, @source, @id, @class, @reason, @by.
WITH found AS (
  SELECT a.source, a.external_id FROM raw.activity a WHERE @kind::text = 'activity' AND a.source = @source AND a.external_id = @id AND a.class > @class AND a.class >= 2
  UNION ALL
  SELECT c.source, c.external_id FROM raw.contribution c WHERE @kind::text = 'contribution' AND c.source = @source AND c.external_id = @id AND c.class > 's' || @class::smallint AND c.class >= 's2'
  UNION ALL
  SELECT k.source, k.external_id FROM raw.contract k WHERE @kind::text = 'contract' AND k.source = @source AND k.external_id = @id AND k.class > 's' || @class::smallint AND k.class >= 's2'
), before AS (
  UPDATE raw.lowering l SET ended_at = now() FROM found f WHERE l.kind = @kind AND l.source = f.source AND l.external_id = f.external_id AND l.ended_at IS NULL RETURNING l.id
)
INSERT INTO raw.lowering (kind, source, external_id, class, reason, asked_by)
SELECT @kind, source, external_id, @class, @reason, @by FROM found WHERE (SELECT count(*) FROM before) >= 0 -- after it
RETURNING id
