-- One activity.
-- @id.
SELECT
  -- include activity_columns
FROM pub.activity a JOIN pub.organisation o ON o.id = a.provider_id
WHERE a.id = @id::uuid
