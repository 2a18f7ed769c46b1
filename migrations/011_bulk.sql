-- Large loads: ids in the order of time, and indexes that are put aside.

-- Ids of the millions go by time, so that what is made together lies together
-- in their indexes; version 7 of RFC 9562.
CREATE FUNCTION raw.next_id() RETURNS uuid LANGUAGE sql VOLATILE PARALLEL SAFE
  RETURN encode(set_bit(set_bit(overlay(uuid_send(gen_random_uuid()) PLACING substring(int8send((extract(epoch FROM clock_timestamp()) * 1000)::bigint) FROM 3) FROM 1 FOR 6), 52, 1), 53, 1), 'hex')::uuid;
ALTER TABLE raw.contribution ALTER id SET DEFAULT raw.next_id();
ALTER TABLE raw.evidence ALTER id SET DEFAULT raw.next_id();

-- While a large load is at work, the indexes of the millions that it does not
-- need are not there, what is checked row by row is checked once at the end,
-- and double counting is looked for then. Rows are what is to be put back; a
-- load that was killed leaves them for the next start.
CREATE TABLE raw.aside (
  name       text PRIMARY KEY, -- of an index; or 'findings', 'checks', 'secrets'
  definition text NOT NULL,
  since      timestamptz NOT NULL DEFAULT now()
);
ALTER TABLE raw.aside ENABLE ROW LEVEL SECURITY, FORCE ROW LEVEL SECURITY;
CREATE POLICY acting ON raw.aside USING (raw.actor() IS NOT NULL);

-- Only the owner may call these three; they run as whoever calls. Only a
-- superuser may put the checks of references aside too.
CREATE FUNCTION raw.switch_checks(how text) RETURNS void LANGUAGE plpgsql SET search_path = pg_catalog AS $$
DECLARE which text := 'ALL';
BEGIN
  IF NOT (SELECT rolsuper FROM pg_roles WHERE rolname = current_user) THEN
    which := 'USER';
  END IF;
  EXECUTE format('ALTER TABLE raw.contribution %s TRIGGER %s', how, which);
  EXECUTE format('ALTER TABLE raw.allocation %s TRIGGER %s', how, which);
  EXECUTE format('ALTER TABLE raw.evidence %s TRIGGER %s', how, which);
END
$$;
CREATE FUNCTION raw.put_aside() RETURNS void LANGUAGE plpgsql SET search_path = pg_catalog AS $$
DECLARE i record;
BEGIN
  INSERT INTO raw.aside (name, definition) VALUES ('findings', ''), ('checks', ''), ('secrets', '') ON CONFLICT DO NOTHING;
  PERFORM raw.switch_checks('DISABLE');
  FOR i IN
    SELECT x.indexrelid::regclass::text AS name, pg_get_indexdef(x.indexrelid) AS definition
    FROM pg_index x
    WHERE x.indrelid IN ('raw.contribution'::regclass, 'raw.evidence'::regclass, 'raw.allocation'::regclass, 'pub.fact'::regclass)
      AND NOT x.indisunique AND x.indexrelid <> 'raw.contribution_secret'::regclass
  LOOP
    INSERT INTO raw.aside (name, definition) VALUES (i.name, i.definition) ON CONFLICT DO NOTHING;
    EXECUTE format('DROP INDEX %s', i.name);
  END LOOP;
END
$$;
CREATE FUNCTION raw.put_back(what text) RETURNS void LANGUAGE plpgsql SET search_path = pg_catalog AS $$
DECLARE how text;
BEGIN
  DELETE FROM raw.aside WHERE name = what RETURNING definition INTO how;
  IF what = 'checks' THEN
    PERFORM raw.switch_checks('ENABLE');
  ELSIF how <> '' AND to_regclass(what) IS NULL THEN
    EXECUTE how;
  END IF;
END
$$;
REVOKE ALL ON FUNCTION raw.switch_checks(text), raw.put_aside(), raw.put_back(text) FROM PUBLIC;

-- Brings the planner's statistics up to date of the tables that grew by a fifth
-- since they were looked at.
CREATE FUNCTION raw.analyse_grown() RETURNS void LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog AS $$
DECLARE t regclass;
BEGIN
  FOR t IN
    SELECT c.oid FROM pg_class c
    WHERE c.relkind = 'r' AND c.relnamespace IN ('raw'::regnamespace, 'pub'::regnamespace)
      AND pg_relation_size(c.oid) > 65536 + 8192 * 1.2 * GREATEST(c.relpages, 0)
  LOOP
    EXECUTE format('ANALYZE %s', t);
  END LOOP;
END
$$;
REVOKE ALL ON FUNCTION raw.analyse_grown() FROM PUBLIC;
GRANT EXECUTE ON FUNCTION raw.analyse_grown() TO tributary_app;
-- After a large change, also of the boundaries and activities.
CREATE OR REPLACE FUNCTION raw.analyse() RETURNS void LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog AS $$
BEGIN
  ANALYZE pub.shape, pub.shape_piece, pub.shape_drawn, pub.postcode, pub.activity, pub.place, raw.activity, raw.place;
  PERFORM raw.analyse_grown();
END
$$;
