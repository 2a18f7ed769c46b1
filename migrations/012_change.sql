-- The change log: what has changed of what anyone may see, for those who hold
-- copies of it. One row a statement, written by the statement itself, so that
-- no writer can forget it and writers do not wait for one another.
--
-- A row says which, never where or what: the place of a record that has become
-- secret would be found here. What is there now can be read; who needs to know
-- what was there before keeps it.
CREATE TABLE raw.change (
  xid   xid8 NOT NULL DEFAULT pg_current_xact_id(),
  at    timestamptz NOT NULL DEFAULT now(),
  kind  text NOT NULL CHECK (kind IN ('facts', 'places', 'activities', 'reference')),
  -- Anything of the kind may have changed: it was told so, or it was too much
  -- to list.
  whole boolean NOT NULL DEFAULT false,
  ids   bigint[], -- facts that are new or changed
  gone  bigint[], -- facts that are gone
  activities uuid[] -- that changed, or whose places did
);
CREATE INDEX change_xid ON raw.change (xid);
ALTER TABLE raw.change ENABLE ROW LEVEL SECURITY, FORCE ROW LEVEL SECURITY;
CREATE POLICY changed ON raw.change USING (true);

-- The version of what anyone may see is how many rows of the log are
-- committed. Equal versions are equal data: on one server the sets of
-- transactions that snapshots see are nested. Rows of transactions before
-- "counted" are counted here; those up to "swept" may be gone.
ALTER TABLE pub.version ADD counted xid8 NOT NULL DEFAULT '0', ADD swept xid8 NOT NULL DEFAULT '0';

CREATE FUNCTION pub.version_now() RETURNS bigint LANGUAGE sql STABLE SECURITY DEFINER SET search_path = pg_catalog AS $$
  SELECT v.version + (SELECT count(*) FROM raw.change c WHERE c.xid >= v.counted) FROM pub.version v
$$;
REVOKE ALL ON FUNCTION pub.version_now() FROM PUBLIC;
GRANT EXECUTE ON FUNCTION pub.version_now() TO tributary_public, tributary_app;

-- A statement that changes more than 100,000 facts, or any while the setting
-- tributary.bulk is on, is logged as a whole: readers then load all facts
-- again. Set it, with SET LOCAL, for loads of millions.
CREATE FUNCTION raw.facts_written() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  IF current_setting('tributary.bulk', true) = 'on' THEN
    INSERT INTO raw.change (kind, whole) VALUES ('facts', true);
    RETURN NULL;
  END IF;
  INSERT INTO raw.change (kind, whole, ids)
  SELECT 'facts', count(*) > 100000, CASE WHEN count(*) <= 100000 THEN array_agg(id) END
  FROM (SELECT id FROM written LIMIT 100001) s HAVING count(*) > 0;
  RETURN NULL;
END
$$;
CREATE FUNCTION raw.facts_deleted() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  IF current_setting('tributary.bulk', true) = 'on' THEN
    INSERT INTO raw.change (kind, whole) VALUES ('facts', true);
    RETURN NULL;
  END IF;
  INSERT INTO raw.change (kind, whole, gone)
  SELECT 'facts', count(*) > 100000, CASE WHEN count(*) <= 100000 THEN array_agg(id) END
  FROM (SELECT id FROM deleted LIMIT 100001) s HAVING count(*) > 0;
  RETURN NULL;
END
$$;
CREATE FUNCTION raw.facts_emptied() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  INSERT INTO raw.change (kind, whole) VALUES ('facts', true);
  RETURN NULL;
END
$$;
CREATE TRIGGER log_insert AFTER INSERT ON pub.fact REFERENCING NEW TABLE AS written FOR EACH STATEMENT EXECUTE FUNCTION raw.facts_written();
CREATE TRIGGER log_update AFTER UPDATE ON pub.fact REFERENCING NEW TABLE AS written FOR EACH STATEMENT EXECUTE FUNCTION raw.facts_written();
CREATE TRIGGER log_delete AFTER DELETE ON pub.fact REFERENCING OLD TABLE AS deleted FOR EACH STATEMENT EXECUTE FUNCTION raw.facts_deleted();
CREATE TRIGGER log_truncate AFTER TRUNCATE ON pub.fact FOR EACH STATEMENT EXECUTE FUNCTION raw.facts_emptied();

-- What projections rely on: a cell is an H3 index of resolution 8 or 9, whose
-- digits beyond that are 7.
ALTER TABLE pub.fact ADD CONSTRAINT cell_is_h3 CHECK (cell >> 59 = 1 AND cell & 262143 = 262143 AND (cell >> 52) & 15 IN (8, 9)
  AND ((cell >> 18) & 7 = 7) = ((cell >> 52) & 15 = 8));

-- Places and activities.
CREATE FUNCTION raw.places_changed() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  INSERT INTO raw.change (kind, whole, activities)
  SELECT 'places', count(*) > 100000, CASE WHEN count(*) <= 100000 THEN array_agg(DISTINCT activity_id) END
  FROM (SELECT activity_id FROM touched_rows LIMIT 100001) s HAVING count(*) > 0;
  RETURN NULL;
END
$$;
CREATE TRIGGER log_insert AFTER INSERT ON pub.place REFERENCING NEW TABLE AS touched_rows FOR EACH STATEMENT EXECUTE FUNCTION raw.places_changed();
CREATE TRIGGER log_update AFTER UPDATE ON pub.place REFERENCING NEW TABLE AS touched_rows FOR EACH STATEMENT EXECUTE FUNCTION raw.places_changed();
CREATE TRIGGER log_delete AFTER DELETE ON pub.place REFERENCING OLD TABLE AS touched_rows FOR EACH STATEMENT EXECUTE FUNCTION raw.places_changed();

CREATE FUNCTION raw.activities_changed() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  INSERT INTO raw.change (kind, whole, activities)
  SELECT 'activities', count(*) > 100000, CASE WHEN count(*) <= 100000 THEN array_agg(id) END
  FROM (SELECT id FROM touched_rows LIMIT 100001) s HAVING count(*) > 0;
  RETURN NULL;
END
$$;
CREATE TRIGGER log_insert AFTER INSERT ON pub.activity REFERENCING NEW TABLE AS touched_rows FOR EACH STATEMENT EXECUTE FUNCTION raw.activities_changed();
CREATE TRIGGER log_update AFTER UPDATE ON pub.activity REFERENCING NEW TABLE AS touched_rows FOR EACH STATEMENT EXECUTE FUNCTION raw.activities_changed();
CREATE TRIGGER log_delete AFTER DELETE ON pub.activity REFERENCING OLD TABLE AS touched_rows FOR EACH STATEMENT EXECUTE FUNCTION raw.activities_changed();

-- Territories and boundaries.
CREATE FUNCTION raw.reference_changed() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  INSERT INTO raw.change (kind, whole) VALUES ('reference', true);
  RETURN NULL;
END
$$;
CREATE TRIGGER log_change AFTER INSERT OR UPDATE OR DELETE OR TRUNCATE ON pub.territory FOR EACH STATEMENT EXECUTE FUNCTION raw.reference_changed();
CREATE TRIGGER log_change AFTER INSERT OR UPDATE OR DELETE OR TRUNCATE ON pub.boundary_set FOR EACH STATEMENT EXECUTE FUNCTION raw.reference_changed();
