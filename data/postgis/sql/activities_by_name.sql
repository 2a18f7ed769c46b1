-- One page of the activities under a filter, by name.
-- Filter arguments; @after_key and @after_id: the last row of the page
-- before, or null; @limit.
-- Index: activity_name.
SELECT lower(a.name),
  -- include activity_columns
  -- include activities_from
  AND (@after_key::text IS NULL OR (lower(a.name) COLLATE "C", a.id) > (@after_key, @after_id::uuid))
ORDER BY lower(a.name) COLLATE "C", a.id
LIMIT @limit
