-- The versions of what answers.
SELECT current_setting('server_version'), postgis_lib_version(), (SELECT version FROM public.tributary_schema_version)
