-- Where things lay under boundaries that are no longer in force, and which
-- territory a former one has become.

-- Each territory and the one that stands for it today.
CREATE VIEW pub.territory_now AS
WITH RECURSIVE step AS (
  SELECT id, id AS now, 0 AS n FROM pub.territory
  UNION ALL
  SELECT s.id, t.id, s.n + 1 FROM step s JOIN pub.territory t ON s.now = ANY (t.predecessors) AND t.valid_from <= CURRENT_DATE WHERE s.n < 20
)
SELECT DISTINCT ON (id) id, now FROM step ORDER BY id, n DESC;

-- Where a public fact lay under an earlier set, where that differs from now;
-- null is nowhere that can be told.
CREATE TABLE pub.fact_was (
  set_id  integer NOT NULL REFERENCES pub.boundary_set ON DELETE CASCADE,
  fact_id bigint NOT NULL,
  code    text,
  PRIMARY KEY (set_id, fact_id)
);
CREATE INDEX ON pub.fact_was (fact_id);

-- The code that a part's place was given by, which earlier boundaries may
-- know.
ALTER TABLE raw.allocation ADD given text;

DO $$ BEGIN EXECUTE format('CREATE POLICY shown ON raw.assignment FOR SELECT TO %I USING (true)', current_user); END $$;
-- Where a public place lay under an earlier set.
CREATE VIEW pub.place_was WITH (security_barrier) AS
SELECT w.set_id, w.place_id, w.code FROM raw.assignment w JOIN pub.place p ON p.id = w.place_id;
GRANT SELECT ON pub.place_was, pub.territory_now TO tributary_public, tributary_app;

-- The public places as they lay under earlier sets of territories and areas;
-- null is now.
CREATE FUNCTION pub.place_at(territory_set integer, area_set integer)
RETURNS TABLE (id uuid, activity_id uuid, role text, level text, geom geometry, cell bigint, territory_id text, region_code text, area_code text, locality text, method text, precision_m integer)
LANGUAGE sql STABLE PARALLEL SAFE AS $$
  SELECT p.id, p.activity_id, p.role, p.level, p.geom, p.cell,
         CASE WHEN $1 IS NULL THEN p.territory_id ELSE t.code END,
         CASE WHEN $1 IS NULL THEN p.region_code ELSE (SELECT x.region_code FROM pub.territory x WHERE x.id = t.code) END,
         CASE WHEN $2 IS NULL THEN p.area_code ELSE a.code END, p.locality, p.method, p.precision_m
  FROM pub.place p
  LEFT JOIN pub.place_was t ON $1 IS NOT NULL AND t.set_id = $1 AND t.place_id = p.id
  LEFT JOIN pub.place_was a ON $2 IS NOT NULL AND a.set_id = $2 AND a.place_id = p.id
$$;

-- The public facts likewise. Where a fact lay elsewhere it is no finer than the
-- territory, as its area then is another matter.
CREATE FUNCTION pub.fact_territory(territory_set integer)
RETURNS TABLE (fact_id bigint, territory_id text, region_code text)
LANGUAGE sql STABLE PARALLEL SAFE AS $$
  SELECT w.fact_id, w.code, t.region_code FROM pub.fact_was w LEFT JOIN pub.territory t ON t.id = w.code WHERE w.set_id = $1
$$;
