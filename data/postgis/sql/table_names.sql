-- The tables that hold the records.
SELECT schemaname || '.' || tablename FROM pg_tables WHERE schemaname IN ('raw', 'pub', 'audit', 'vault') OR tablename = 'tributary_schema_version' ORDER BY 1
