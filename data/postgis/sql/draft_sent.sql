-- Notes that a draft has become a record; that it was noted before is no fault.
-- @id, @account, @etag.
UPDATE raw.draft SET sent_at = COALESCE(sent_at, now()), sent_etag = @etag WHERE id = @id AND account_id = @account
