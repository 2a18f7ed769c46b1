-- Three schemas and two roles.
--
-- raw    everything, behind forced row-level security by role and territory;
-- pub    only what anyone may see, already redacted, written in the same
--        transaction as raw; no row-level security, because a policy on a
--        geometry table switches its spatial index off (&& is not leakproof);
-- audit  append-only.
--
-- tributary_public answers public routes: it can read pub and nothing else,
-- so a forgetful handler has nothing to leak. tributary_app writes.
-- Roles belong to the cluster, so another database may have made them.

CREATE EXTENSION IF NOT EXISTS postgis;

DO $$
DECLARE hat text;
BEGIN
  FOREACH hat IN ARRAY ARRAY['tributary_public', 'tributary_app'] LOOP
    IF NOT EXISTS (SELECT FROM pg_roles WHERE rolname = hat) THEN
      BEGIN
        EXECUTE format('CREATE ROLE %I NOLOGIN', hat);
      EXCEPTION WHEN duplicate_object OR unique_violation THEN NULL; -- by another database, meanwhile
      END;
    END IF;
    -- The owner must be able to put either hat on. A superuser always can.
    IF NOT pg_has_role(current_user, hat, 'MEMBER') THEN
      EXECUTE format('GRANT %I TO %I', hat, current_user);
    END IF;
  END LOOP;
END
$$;

CREATE SCHEMA raw;
CREATE SCHEMA pub;
CREATE SCHEMA audit;

REVOKE ALL ON SCHEMA public FROM PUBLIC;
GRANT USAGE ON SCHEMA public TO tributary_public, tributary_app;
-- The migrations' own record is made before the first of them runs.
GRANT SELECT ON public.tributary_schema_version TO tributary_public, tributary_app;
GRANT USAGE ON SCHEMA pub TO tributary_public, tributary_app;
GRANT USAGE ON SCHEMA raw, audit TO tributary_app;

ALTER DEFAULT PRIVILEGES IN SCHEMA pub GRANT SELECT ON TABLES TO tributary_public;
ALTER DEFAULT PRIVILEGES IN SCHEMA pub GRANT SELECT, INSERT, UPDATE, DELETE ON TABLES TO tributary_app;
ALTER DEFAULT PRIVILEGES IN SCHEMA pub GRANT USAGE, SELECT ON SEQUENCES TO tributary_app;
ALTER DEFAULT PRIVILEGES IN SCHEMA raw GRANT SELECT, INSERT, UPDATE, DELETE ON TABLES TO tributary_app;
ALTER DEFAULT PRIVILEGES IN SCHEMA raw GRANT USAGE, SELECT ON SEQUENCES TO tributary_app;
ALTER DEFAULT PRIVILEGES IN SCHEMA audit GRANT SELECT, INSERT ON TABLES TO tributary_app;

-- Who acts in this transaction. An unset setting becomes '' after a
-- transaction, not NULL, and must mean nobody.
CREATE FUNCTION raw.actor() RETURNS text LANGUAGE sql STABLE PARALLEL SAFE
  RETURN NULLIF(current_setting('tributary.actor', true), '');

-- Whether the acting role may see raw rows of a territory: '*' stands for all.
CREATE FUNCTION raw.sees(territory text) RETURNS boolean LANGUAGE sql STABLE PARALLEL SAFE
  RETURN COALESCE(
    current_setting('tributary.territories', true) = '*'
      OR territory = ANY (string_to_array(NULLIF(current_setting('tributary.territories', true), ''), ',')),
    false);

-- The audit log: every write and every reading of an exact place, in the same
-- transaction as what it tells of.
CREATE TABLE audit.log (
  id       bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
  at       timestamptz NOT NULL DEFAULT clock_timestamp(),
  actor    text NOT NULL,
  action   text NOT NULL,
  subject  text NOT NULL,
  detail   jsonb NOT NULL DEFAULT '{}'
);

CREATE FUNCTION audit.refuse() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  RAISE EXCEPTION 'the audit log is append-only';
END
$$;

CREATE TRIGGER append_only BEFORE UPDATE OR DELETE OR TRUNCATE ON audit.log
  FOR EACH STATEMENT EXECUTE FUNCTION audit.refuse();
