-- Agrees to what another asked; no row if nobody asked.
-- @kind, @source, @id, @by.
UPDATE raw.lowering SET agreed_by = @by, agreed_at = now()
WHERE kind = @kind AND source = @source AND external_id = @id AND ended_at IS NULL AND agreed_at IS NULL
RETURNING class
