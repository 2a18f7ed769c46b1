-- Whether somebody else's key writes under a source.
-- @source, @role, @organisation, @territories.
SELECT EXISTS (SELECT FROM raw.api_key k WHERE k.source = @source
  AND (k.role, COALESCE(k.organisation, ''), k.territories) <> (@role::text, COALESCE(@organisation::text, ''), @territories::text[]))
