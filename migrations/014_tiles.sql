-- What tiles are drawn from besides facts, places, activities and boundaries
-- logs its changes too: needs, stories and other documents, hubs, target areas,
-- plans with what need is measured by. Needs and documents name the activities
-- that they belong to; where those are is known.
ALTER TABLE raw.change DROP CONSTRAINT change_kind_check,
  ADD CONSTRAINT change_kind_check CHECK (kind IN ('facts', 'places', 'activities', 'reference', 'needs', 'stories', 'hubs', 'target_areas', 'plans'));

-- Of a table whose rows belong to activities. The argument is the kind; a row
-- of no activity may be anywhere.
CREATE FUNCTION raw.of_activities_changed() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  INSERT INTO raw.change (kind, whole, activities)
  SELECT TG_ARGV[0], x.whole, CASE WHEN NOT x.whole THEN x.activities END
  FROM (SELECT count(*) > 100000 OR bool_or(activity_id IS NULL) AS whole, array_agg(DISTINCT activity_id) AS activities
        FROM (SELECT activity_id FROM touched_rows LIMIT 100001) s HAVING count(*) > 0) x;
  RETURN NULL;
END
$$;
-- Of a table that is small: anything of the kind, which is the argument.
CREATE FUNCTION raw.kind_changed() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  INSERT INTO raw.change (kind, whole) SELECT TG_ARGV[0], true WHERE EXISTS (SELECT FROM touched_rows);
  RETURN NULL;
END
$$;

DO $$
DECLARE r record; e record;
BEGIN
  FOR r IN SELECT * FROM (VALUES
      ('raw.need', 'of_activities_changed', 'needs'), ('raw.document', 'of_activities_changed', 'stories'), ('raw.hub', 'kind_changed', 'hubs'),
      ('raw.target_area', 'kind_changed', 'target_areas'), ('raw.target_area_set', 'kind_changed', 'target_areas'),
      ('pub.plan', 'kind_changed', 'plans'), ('pub.plan_territory', 'kind_changed', 'plans'), ('pub.priority', 'kind_changed', 'plans'), ('pub.measure', 'kind_changed', 'plans'),
      ('raw.indicator', 'kind_changed', 'plans'), ('raw.observation', 'kind_changed', 'plans')) t(tab, fn, kind) LOOP
    FOR e IN SELECT * FROM (VALUES ('insert', 'NEW'), ('update', 'NEW'), ('delete', 'OLD')) v(verb, which) LOOP
      EXECUTE format('CREATE TRIGGER log_%s AFTER %s ON %s REFERENCING %s TABLE AS touched_rows FOR EACH STATEMENT EXECUTE FUNCTION raw.%I(%L)', e.verb, e.verb, r.tab, e.which, r.fn, r.kind);
    END LOOP;
  END LOOP;
END
$$;

-- A need or a document that went to another activity has left the first.
CREATE FUNCTION raw.activity_left() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  INSERT INTO raw.change (kind, whole, activities) VALUES (TG_ARGV[0], OLD.activity_id IS NULL, CASE WHEN OLD.activity_id IS NOT NULL THEN ARRAY[OLD.activity_id] END);
  RETURN NULL;
END
$$;
CREATE TRIGGER log_left AFTER UPDATE ON raw.need FOR EACH ROW WHEN (OLD.activity_id IS DISTINCT FROM NEW.activity_id) EXECUTE FUNCTION raw.activity_left('needs');
CREATE TRIGGER log_left AFTER UPDATE ON raw.document FOR EACH ROW WHEN (OLD.activity_id IS DISTINCT FROM NEW.activity_id) EXECUTE FUNCTION raw.activity_left('stories');

-- A hub is called as its host is, and stands on its campus.
CREATE FUNCTION raw.hosts_changed() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog AS $$
BEGIN
  IF TG_TABLE_NAME = 'site' THEN
    INSERT INTO raw.change (kind, whole)
    SELECT 'hubs', true WHERE EXISTS (SELECT FROM touched_rows s JOIN raw.hub h ON h.host_id = s.organisation_id WHERE s.role = 'campus');
  ELSE
    INSERT INTO raw.change (kind, whole) SELECT 'hubs', true WHERE EXISTS (SELECT FROM touched_rows o JOIN raw.hub h ON h.host_id = o.id);
  END IF;
  RETURN NULL;
END
$$;
CREATE TRIGGER log_hub_insert AFTER INSERT ON raw.site REFERENCING NEW TABLE AS touched_rows FOR EACH STATEMENT EXECUTE FUNCTION raw.hosts_changed();
CREATE TRIGGER log_hub_update AFTER UPDATE ON raw.site REFERENCING NEW TABLE AS touched_rows FOR EACH STATEMENT EXECUTE FUNCTION raw.hosts_changed();
CREATE TRIGGER log_hub_delete AFTER DELETE ON raw.site REFERENCING OLD TABLE AS touched_rows FOR EACH STATEMENT EXECUTE FUNCTION raw.hosts_changed();
CREATE TRIGGER log_hub_update AFTER UPDATE ON raw.organisation REFERENCING NEW TABLE AS touched_rows FOR EACH STATEMENT EXECUTE FUNCTION raw.hosts_changed();

-- Stories to show on a map: with consent where somebody is told of.
CREATE VIEW pub.story WITH (security_barrier) AS
SELECT d.id, d.kind, d.title, d.url, d.activity_id, d.territory AS territory_id, d.region AS region_code, d.measures, d.published_on
FROM raw.document d
WHERE d.kind IN ('story', 'film', 'event') AND (d.kind = 'event' OR d.consent IS NOT NULL)
  AND (d.activity_id IS NULL OR EXISTS (SELECT FROM pub.activity a WHERE a.id = d.activity_id));
GRANT SELECT ON pub.story TO tributary_public, tributary_app;
