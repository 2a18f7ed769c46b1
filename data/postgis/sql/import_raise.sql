-- Raises stored activities to the class of a refused row: that the row cannot
-- be taken does not make it safe to go on showing what it says is sensitive.
-- Of what is secret now the positions go, one place a role and territory stays.
-- Those with a good row have been raised with it.
-- @source, @run, @territory_set.
-- Index: activity (source, external_id), which the materialised step keeps the
-- planner to.
WITH found AS MATERIALIZED (
  SELECT a.id, x.class, a.external_id
  FROM refused_id x JOIN raw.activity a ON a.source = @source AND a.external_id = x.external_id
  WHERE a.class < x.class
), raised AS (
  UPDATE raw.activity a
  SET class = f.class, updated_at = now(), run_id = @run,
      summary = CASE WHEN f.class = 3 THEN '' ELSE a.summary END, url = CASE WHEN f.class = 3 THEN '' ELSE a.url END
  FROM found f
  WHERE a.id = f.id AND f.external_id NOT IN (SELECT external_id FROM incoming)
  RETURNING a.id, a.class
), gone AS (
  DELETE FROM raw.place p USING raised r
  WHERE p.activity_id = r.id AND r.class = 3
  RETURNING p.activity_id, p.role, p.territory_id, p.region_code, p.class_reasons
), kept AS (
  INSERT INTO raw.place (id, activity_id, place_key, role, class, class_reasons, method, precision_m, territory_id, region_code)
  SELECT DISTINCT ON (g.activity_id, g.role) gen_random_uuid(), g.activity_id, g.role, g.role, 3,
         g.class_reasons || 'a refused row of the activity is secret'::text, 'code', sh.radius_m, g.territory_id, g.region_code
  FROM gone g JOIN pub.shape sh ON sh.set_id = @territory_set::integer AND sh.code = g.territory_id
  ORDER BY g.activity_id, g.role, g.territory_id
)
INSERT INTO touched (activity_id)
SELECT id FROM raised EXCEPT SELECT activity_id FROM touched
