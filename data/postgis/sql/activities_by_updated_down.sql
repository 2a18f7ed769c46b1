-- One page of the activities under a filter, by when they last changed, newest first.
-- Filter arguments; @after_key and @after_id: the last row of the page before,
-- or null; @limit.
SELECT to_char(a.updated_at, 'YYYY-MM-DD"T"HH24:MI:SS.US'),
  -- include activity_columns
  -- include activities_from
  AND (@after_key::text IS NULL OR (a.updated_at, a.id) < (@after_key::timestamptz, @after_id::uuid))
ORDER BY a.updated_at DESC, a.id DESC
LIMIT @limit
