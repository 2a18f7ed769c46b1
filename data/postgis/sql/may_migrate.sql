-- Of a database that was never migrated: who asks, its name, and whether they
-- may make schemas in it, whether PostGIS is there or may be made, whether they
-- may make the roles or have them, whether these are there, and whether the
-- server has PostGIS at all.
WITH hats AS (
  SELECT oid FROM pg_roles WHERE rolname IN ('tributary_public', 'tributary_app')
)
SELECT current_user::text, current_database()::text,
       has_database_privilege(current_database(), 'CREATE') AND has_schema_privilege('public', 'CREATE'),
       r.rolsuper OR EXISTS (SELECT FROM pg_extension WHERE extname = 'postgis')
         OR EXISTS (SELECT FROM pg_available_extension_versions WHERE name = 'postgis' AND trusted),
       r.rolsuper OR r.rolcreaterole OR (SELECT count(*) = 2 FROM hats WHERE pg_has_role(current_user, oid, 'MEMBER')),
       (SELECT count(*) = 2 FROM hats),
       EXISTS (SELECT FROM pg_available_extensions WHERE name = 'postgis')
FROM pg_roles r
WHERE r.rolname = current_user AND to_regclass('public.tributary_schema_version') IS NULL
