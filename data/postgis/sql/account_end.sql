-- Takes an account's access away, ends its sessions and forgets its address.
-- @id, @within: territories that it must lie in, or null.
WITH ended AS (
  UPDATE raw.account SET role = NULL, territories = '{}', organisation = NULL, source = NULL, granted_by = NULL, granted_at = NULL
  WHERE id = @id AND role IS NOT NULL
    AND (@within::text[] IS NULL OR role NOT IN ('admin', 'hub') AND cardinality(territories) > 0 AND territories <@ @within::text[])
  RETURNING id
), out AS (
  DELETE FROM raw.session s USING ended WHERE s.account_id = ended.id
), forgotten AS (
  DELETE FROM raw.subscription s USING ended WHERE s.account_id = ended.id
), unsent AS (
  DELETE FROM raw.mail m USING ended WHERE m.account_id = ended.id AND m.sent_at IS NULL AND m.failed_at IS NULL
)
SELECT id FROM ended
