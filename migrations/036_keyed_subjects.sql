-- Who has signed in is kept as a hash of what their issuer calls them, which is
-- often short or known: whoever reads raw.account could find a person by trying.
-- It is keyed with the secrets of the database, as ids that are hashes are.

-- What stands for the hash of a person. A rotation waits for those who sign in,
-- and they for it: a statement of a volatile function sees the newest secret.
CREATE FUNCTION vault.keyed_subject(hash bytea) RETURNS bytea LANGUAGE plpgsql VOLATILE SECURITY DEFINER SET search_path = pg_catalog AS $$
BEGIN
  PERFORM pg_advisory_xact_lock_shared(7304);
  RETURN vault.keyed_on(hash, 0);
END
$$;
REVOKE ALL ON FUNCTION vault.keyed_subject(bytea) FROM PUBLIC;
GRANT EXECUTE ON FUNCTION vault.keyed_subject(bytea) TO tributary_app;

DO $$
BEGIN
  PERFORM set_config('tributary.actor', 'vault', true), set_config('tributary.territories', '*', true);
  UPDATE raw.account SET subject = vault.keyed_subject(subject);
END
$$;

CREATE OR REPLACE FUNCTION vault.rotate() RETURNS integer LANGUAGE plpgsql SET search_path = pg_catalog AS $$
DECLARE last integer;
BEGIN
  PERFORM pg_advisory_xact_lock(7301), pg_advisory_xact_lock(7304);
  PERFORM set_config('tributary.actor', 'vault', true), set_config('tributary.territories', '*', true);
  SELECT max(n) INTO last FROM vault.secret;
  INSERT INTO vault.secret (inner_key, outer_key) VALUES (vault.random_block(), vault.random_block());
  UPDATE raw.activity SET external_id = 'keyed:' || encode(vault.keyed_on(decode(substr(external_id, 7), 'hex'), last), 'hex') WHERE external_id ~ '^keyed:[0-9a-f]{64}$';
  UPDATE raw.lowering SET external_id = 'keyed:' || encode(vault.keyed_on(decode(substr(external_id, 7), 'hex'), last), 'hex') WHERE kind = 'activity' AND external_id ~ '^keyed:[0-9a-f]{64}$';
  UPDATE raw.account SET subject = vault.keyed_on(subject, last);
  RETURN (SELECT count(*) FROM vault.secret);
END
$$;
