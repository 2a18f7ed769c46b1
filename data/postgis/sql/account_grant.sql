-- Gives an account access. An office changes none that reaches beyond its
-- territories.
-- @id, @role, @territories, @organisation, @source, @label, @by, @within.
UPDATE raw.account
SET role = @role, territories = @territories, organisation = @organisation, source = @source, label = @label, granted_by = @by, granted_at = now()
WHERE id = @id
  AND (@within::text[] IS NULL OR role IS NULL OR role NOT IN ('admin', 'hub') AND cardinality(territories) > 0 AND territories <@ @within::text[])
RETURNING id
