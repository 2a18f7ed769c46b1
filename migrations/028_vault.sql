-- An id that is made of what its row says, a name and a postcode perhaps, must
-- not be found again by whoever reads raw and tries all postcodes. Such ids are
-- keyed with secrets of this database alone, which no role of ours may read:
-- they stand in a schema of their own, and the application asks a function.
CREATE SCHEMA vault;

-- Two independent keys of one block of SHA-256 each, so that
-- sha256(outer || sha256(inner || said)) is NMAC (Bellare, Canetti and Krawczyk,
-- 1996), of which HMAC is the form with one key.
CREATE TABLE vault.secret (
  n         integer GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
  inner_key bytea NOT NULL CHECK (length(inner_key) = 64),
  outer_key bytea NOT NULL CHECK (length(outer_key) = 64),
  made_at   timestamptz NOT NULL DEFAULT now()
);

-- 64 bytes, of which 488 bits are random.
CREATE FUNCTION vault.random_block() RETURNS bytea LANGUAGE sql VOLATILE SET search_path = pg_catalog
  RETURN uuid_send(gen_random_uuid()) || uuid_send(gen_random_uuid()) || uuid_send(gen_random_uuid()) || uuid_send(gen_random_uuid());
INSERT INTO vault.secret (inner_key, outer_key) VALUES (vault.random_block(), vault.random_block());

-- What is said, keyed with the secrets after the first so many, one after the
-- other: a new secret is added to the old ones, so that what was keyed before
-- can be keyed further.
CREATE FUNCTION vault.keyed_on(said bytea, after integer) RETURNS bytea LANGUAGE plpgsql STABLE SET search_path = pg_catalog AS $$
DECLARE s record;
BEGIN
  FOR s IN SELECT inner_key, outer_key FROM vault.secret WHERE n > after ORDER BY n LOOP
    said := sha256(s.outer_key || sha256(s.inner_key || said));
  END LOOP;
  RETURN said;
END
$$;

-- The id that stands for a hash of what a row says.
CREATE FUNCTION vault.keyed(said text) RETURNS text LANGUAGE sql STABLE SECURITY DEFINER SET search_path = pg_catalog
  RETURN 'keyed:' || encode(vault.keyed_on(convert_to(said, 'UTF8'), 0), 'hex');

-- Keys the ids that stand as bare hashes.
CREATE FUNCTION vault.key_ids() RETURNS void LANGUAGE plpgsql SET search_path = pg_catalog AS $$
BEGIN
  PERFORM set_config('tributary.actor', 'vault', true), set_config('tributary.territories', '*', true);
  UPDATE raw.activity SET external_id = vault.keyed(external_id) WHERE external_id ~ '^sha256:[0-9a-f]{64}$';
  UPDATE raw.lowering SET external_id = vault.keyed(external_id) WHERE kind = 'activity' AND external_id ~ '^sha256:[0-9a-f]{64}$';
END
$$;
SELECT vault.key_ids();

-- Adds a secret and keys all ids with it too; whoever has learnt the ones
-- before cannot try postcodes any more. For the owner of the database. It takes
-- turns with imports, by their lock.
CREATE FUNCTION vault.rotate() RETURNS integer LANGUAGE plpgsql SET search_path = pg_catalog AS $$
DECLARE last integer;
BEGIN
  PERFORM pg_advisory_xact_lock(7301);
  PERFORM set_config('tributary.actor', 'vault', true), set_config('tributary.territories', '*', true);
  SELECT max(n) INTO last FROM vault.secret;
  INSERT INTO vault.secret (inner_key, outer_key) VALUES (vault.random_block(), vault.random_block());
  UPDATE raw.activity SET external_id = 'keyed:' || encode(vault.keyed_on(decode(substr(external_id, 7), 'hex'), last), 'hex') WHERE external_id ~ '^keyed:[0-9a-f]{64}$';
  UPDATE raw.lowering SET external_id = 'keyed:' || encode(vault.keyed_on(decode(substr(external_id, 7), 'hex'), last), 'hex') WHERE kind = 'activity' AND external_id ~ '^keyed:[0-9a-f]{64}$';
  RETURN (SELECT count(*) FROM vault.secret);
END
$$;

REVOKE ALL ON ALL FUNCTIONS IN SCHEMA vault FROM PUBLIC;
GRANT USAGE ON SCHEMA vault TO tributary_app;
GRANT EXECUTE ON FUNCTION vault.keyed(text) TO tributary_app;
