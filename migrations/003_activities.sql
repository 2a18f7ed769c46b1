-- Activities and their places: raw as given and placed, pub as anyone may see.

CREATE TABLE raw.import_run (
  id          uuid PRIMARY KEY,
  kind        text NOT NULL,
  source      text NOT NULL,
  file        text NOT NULL,
  sha256      text NOT NULL,
  actor       text NOT NULL,
  started_at  timestamptz NOT NULL,
  finished_at timestamptz NOT NULL DEFAULT clock_timestamp(),
  report      jsonb NOT NULL
);

CREATE TABLE raw.organisation (
  id          uuid PRIMARY KEY,
  source      text NOT NULL,
  external_id text NOT NULL,
  name        text NOT NULL,
  kind        text NOT NULL DEFAULT 'provider',
  UNIQUE (source, external_id)
);

CREATE TABLE raw.activity (
  id          uuid PRIMARY KEY,
  source      text NOT NULL,
  external_id text NOT NULL,
  provider_id uuid NOT NULL REFERENCES raw.organisation,
  name        text NOT NULL,
  summary     text NOT NULL,
  url         text NOT NULL,
  themes      text[] NOT NULL,
  measures    text[] NOT NULL,
  status      text NOT NULL CHECK (status IN ('draft', 'submitted', 'validated', 'suspended', 'expired', 'closed')),
  -- The most sensitive class of its places: what may be said of the activity.
  class       smallint NOT NULL CHECK (class BETWEEN 0 AND 3),
  demonstration boolean NOT NULL DEFAULT false,
  updated_at  timestamptz NOT NULL,
  run_id      uuid NOT NULL,
  UNIQUE (source, external_id)
);
CREATE INDEX ON raw.activity (provider_id);

CREATE TABLE raw.place (
  id            uuid PRIMARY KEY,
  activity_id   uuid NOT NULL REFERENCES raw.activity ON DELETE CASCADE,
  place_key     text NOT NULL,
  role          text NOT NULL CHECK (role IN ('delivery', 'service_area', 'base', 'supplier_site', 'contract_delivery')),
  class         smallint NOT NULL CHECK (class BETWEEN 0 AND 3),
  class_reasons text[] NOT NULL,
  geom          geometry(Geometry, 4326),
  cell          bigint, -- H3, resolution 9
  postcode      text,
  outcode       text,
  locality      text,
  given_area    text,
  given_territory text,
  method        text NOT NULL CHECK (method IN ('code', 'coordinates', 'postcode', 'outcode', 'polygon')),
  precision_m   integer NOT NULL CHECK (precision_m >= 0),
  territory_id  text NOT NULL REFERENCES pub.territory,
  region_code   text NOT NULL REFERENCES pub.region,
  area_code     text,
  UNIQUE (activity_id, place_key),
  -- The position of a secret place is never stored, in any spelling.
  CONSTRAINT secret_has_no_position CHECK (class < 3 OR (
    geom IS NULL AND cell IS NULL AND postcode IS NULL AND outcode IS NULL AND locality IS NULL
    AND given_area IS NULL AND area_code IS NULL AND place_key = role)),
  -- Box tests, because && and @ let NaN through; a NaN inside a line or ring
  -- fails ST_IsValid.
  CONSTRAINT position_is_in_the_uk CHECK (geom IS NULL OR (NOT ST_IsEmpty(geom) AND ST_IsValid(geom)
    AND ST_XMin(geom) >= -9 AND ST_XMax(geom) <= 2.1 AND ST_YMin(geom) >= 49 AND ST_YMax(geom) <= 61.5))
);
CREATE INDEX ON raw.place (territory_id);

-- Where each place lay under each version of the boundaries, for questions
-- as at a day.
CREATE TABLE raw.assignment (
  place_id     uuid NOT NULL REFERENCES raw.place ON DELETE CASCADE,
  set_id       integer NOT NULL REFERENCES pub.boundary_set,
  code         text NOT NULL,
  PRIMARY KEY (place_id, set_id)
);

ALTER TABLE raw.import_run   ENABLE ROW LEVEL SECURITY, FORCE ROW LEVEL SECURITY;
ALTER TABLE raw.organisation ENABLE ROW LEVEL SECURITY, FORCE ROW LEVEL SECURITY;
ALTER TABLE raw.activity     ENABLE ROW LEVEL SECURITY, FORCE ROW LEVEL SECURITY;
ALTER TABLE raw.place        ENABLE ROW LEVEL SECURITY, FORCE ROW LEVEL SECURITY;
ALTER TABLE raw.assignment   ENABLE ROW LEVEL SECURITY, FORCE ROW LEVEL SECURITY;

CREATE POLICY acting ON raw.import_run   USING (raw.actor() IS NOT NULL);
CREATE POLICY acting ON raw.organisation USING (raw.actor() IS NOT NULL);
CREATE POLICY acting ON raw.assignment   USING (raw.sees('*'));
-- An activity without a place is seen by those who see everything.
CREATE POLICY territory ON raw.place USING (raw.sees(territory_id));
CREATE POLICY territory ON raw.activity USING (
  raw.sees('*') OR EXISTS (SELECT FROM raw.place p WHERE p.activity_id = activity.id AND raw.sees(p.territory_id)));

CREATE TABLE pub.organisation (
  id   uuid PRIMARY KEY,
  name text NOT NULL
);

-- Activities that may be listed: none of a secret class. One row a listed
-- activity; drafts stand in raw alone.
CREATE TABLE pub.activity (
  id            uuid PRIMARY KEY,
  name          text NOT NULL,
  summary       text NOT NULL,
  url           text NOT NULL,
  provider_id   uuid NOT NULL REFERENCES pub.organisation,
  themes        text[] NOT NULL,
  measures      text[] NOT NULL,
  status        text NOT NULL,
  source        text NOT NULL,
  demonstration boolean NOT NULL,
  updated_at    timestamptz NOT NULL
);
CREATE INDEX activity_name ON pub.activity ((lower(name) COLLATE "C"), id);
CREATE INDEX ON pub.activity (provider_id);

-- Where a listed activity is delivered, no finer than its level.
--   exact      geom is the position
--   cell       geom is the spot that stands for the part of the H3 cell
--              (resolution 8) in this territory and area, whatever the
--              position in it
--   area       geom is the label point of the area
--   territory  geom is the label point of the territory
CREATE TABLE pub.place (
  id           uuid PRIMARY KEY,
  activity_id  uuid NOT NULL REFERENCES pub.activity ON DELETE CASCADE,
  role         text NOT NULL,
  level        text NOT NULL CHECK (level IN ('exact', 'cell', 'area', 'territory')),
  geom         geometry(Point, 3857) NOT NULL,
  cell         bigint, -- resolution 9 at exact, 8 at cell, else null
  territory_id text NOT NULL,
  region_code  text NOT NULL,
  area_code    text,
  locality     text,
  method       text NOT NULL,
  precision_m  integer NOT NULL,
  CHECK (level = 'exact' OR locality IS NULL),
  CHECK ((level IN ('exact', 'cell')) = (cell IS NOT NULL)),
  CHECK (level <> 'area' OR area_code IS NOT NULL)
);
CREATE INDEX place_geom ON pub.place USING gist (geom);
CREATE INDEX ON pub.place (activity_id);
CREATE INDEX ON pub.place (territory_id);
CREATE INDEX ON pub.place (area_code);

-- Activities that may not be listed, counted at the finest place where three
-- of at least two providers hide one another: a territory, else its region,
-- else the kingdom.
CREATE TABLE pub.withheld (
  level text NOT NULL CHECK (level IN ('territory', 'region', 'uk')),
  code  text NOT NULL,
  activities integer NOT NULL CHECK (activities > 0),
  PRIMARY KEY (level, code)
);

-- What has changed, for caches: one number that grows with every commit that
-- changes what anyone may see.
CREATE TABLE pub.version (
  one     boolean PRIMARY KEY DEFAULT true CHECK (one),
  version bigint NOT NULL
);
INSERT INTO pub.version VALUES (true, 1);

-- Brings the planner's statistics up to date after a large change. Only the
-- owner may analyse, and the application's role owns nothing.
CREATE FUNCTION raw.analyse() RETURNS void LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog AS $$
BEGIN
  ANALYZE pub.shape, pub.shape_piece, pub.shape_drawn, pub.postcode, pub.activity, pub.place, raw.activity, raw.place;
END
$$;
REVOKE ALL ON FUNCTION raw.analyse() FROM PUBLIC;
GRANT EXECUTE ON FUNCTION raw.analyse() TO tributary_app;
