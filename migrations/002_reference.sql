-- The facts that every place hangs on: regions, territories, who governs them,
-- and boundaries by version.

CREATE TABLE pub.region (
  code    text PRIMARY KEY,
  itl1    text NOT NULL UNIQUE,
  nuts1   text NOT NULL UNIQUE,
  name    text NOT NULL,
  name_cy text,
  nation  text NOT NULL
);

CREATE TABLE pub.territory (
  id           text PRIMARY KEY,
  code         text NOT NULL UNIQUE,
  code_kind    text NOT NULL CHECK (code_kind IN ('gss', 'pseudo')),
  name         text NOT NULL,
  name_cy      text,
  force        text NOT NULL,
  police_uk_id text,
  region_code  text NOT NULL REFERENCES pub.region,
  nation       text NOT NULL,
  plan_kind    text NOT NULL
);

CREATE TABLE pub.policing_body (
  id          text PRIMARY KEY,
  kind        text NOT NULL,
  name        text NOT NULL,
  planned_end text
);

-- Who governs a territory when: many to many, half-open days. A mayor may
-- hold two territories, and a territory changes hands by rows alone.
CREATE TABLE pub.governance (
  body_id      text NOT NULL REFERENCES pub.policing_body,
  territory_id text NOT NULL REFERENCES pub.territory,
  valid_from   date NOT NULL DEFAULT '-infinity',
  valid_to     date NOT NULL DEFAULT 'infinity',
  PRIMARY KEY (territory_id, body_id, valid_from),
  CHECK (valid_from < valid_to)
);

-- Districts and the territory each lies in, by code: the exact assignment,
-- whether or not a polygon of the district is loaded.
CREATE TABLE pub.district (
  code         text PRIMARY KEY,
  name         text NOT NULL,
  name_cy      text,
  kind         text NOT NULL,
  territory_id text NOT NULL REFERENCES pub.territory
);
CREATE INDEX ON pub.district (territory_id);

CREATE TABLE pub.town (
  id         integer PRIMARY KEY,
  name       text NOT NULL,
  population integer NOT NULL,
  geom       geometry(Point, 4326) NOT NULL,
  territory_id text
);

-- One version of the boundaries of one kind. One is in force for a kind on
-- any day; the exclusion is kept by the loader, which closes the one before.
CREATE TABLE pub.boundary_set (
  id          integer GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
  kind        text NOT NULL CHECK (kind IN ('region', 'territory', 'county_or_unitary', 'district')),
  label       text NOT NULL,
  source      text NOT NULL,
  licence     text NOT NULL,
  approximate boolean NOT NULL,
  sha256      text NOT NULL,
  valid_from  date NOT NULL DEFAULT '-infinity',
  valid_to    date NOT NULL DEFAULT 'infinity',
  -- The set that places are assigned by, one a kind.
  current     boolean NOT NULL,
  -- Areas nest exactly in the current territories, so that finding the area
  -- finds the territory.
  nests       boolean NOT NULL DEFAULT false,
  loaded_at   timestamptz NOT NULL DEFAULT now()
);
-- Districts take the place of counties and unitary authorities.
CREATE UNIQUE INDEX boundary_set_current ON pub.boundary_set
  ((CASE WHEN kind IN ('county_or_unitary', 'district') THEN 'area' ELSE kind END)) WHERE current;

CREATE TABLE pub.shape (
  set_id       integer NOT NULL REFERENCES pub.boundary_set ON DELETE CASCADE,
  code         text NOT NULL,
  name         text NOT NULL,
  name_cy      text,
  territory_id text REFERENCES pub.territory,
  geom         geometry(MultiPolygon, 4326) NOT NULL,
  label        geometry(Point, 3857) NOT NULL,
  radius_m     integer NOT NULL, -- of the circle of the same area
  PRIMARY KEY (set_id, code),
  -- Rockall lies at -13.7.
  CHECK (NOT ST_IsEmpty(geom) AND ST_IsValid(geom)
    AND ST_XMin(geom) >= -14 AND ST_XMax(geom) <= 2.5 AND ST_YMin(geom) >= 48.5 AND ST_YMax(geom) <= 61.5)
);

-- The same boundaries cut into small pieces, for finding what holds a point.
CREATE TABLE pub.shape_piece (
  set_id integer NOT NULL,
  code   text NOT NULL,
  geom   geometry(Polygon, 4326) NOT NULL,
  FOREIGN KEY (set_id, code) REFERENCES pub.shape ON DELETE CASCADE
);
CREATE INDEX shape_piece_geom ON pub.shape_piece USING gist (geom);
CREATE INDEX ON pub.shape_piece (set_id, code);

-- The same boundaries for drawing: simplified for one zoom and those below it
-- so that neighbours share their edge, EPSG:3857.
CREATE TABLE pub.shape_drawn (
  set_id  integer NOT NULL,
  code    text NOT NULL,
  zoom    smallint NOT NULL,
  geom    geometry(MultiPolygon, 3857) NOT NULL,
  PRIMARY KEY (set_id, code, zoom),
  FOREIGN KEY (set_id, code) REFERENCES pub.shape ON DELETE CASCADE
);
CREATE INDEX shape_drawn_geom ON pub.shape_drawn USING gist (geom);

-- Postcodes and outward codes, with their H3 cell (resolution 9) made when
-- they are loaded.
CREATE TABLE pub.postcode (
  postcode     text PRIMARY KEY COLLATE "C",
  geom         geometry(Point, 4326) NOT NULL,
  cell         bigint NOT NULL,
  area_code    text,
  territory_id text,
  terminated   boolean NOT NULL DEFAULT false
);
CREATE TABLE pub.outcode (
  outcode text PRIMARY KEY COLLATE "C",
  geom    geometry(Point, 4326) NOT NULL,
  cell    bigint NOT NULL,
  given   boolean NOT NULL -- false: the mean of the postcodes loaded
);

-- H3 cells of resolution 8 that some place is shown in.
CREATE TABLE pub.cell (
  cell    bigint PRIMARY KEY,
  centre  geometry(Point, 4326) NOT NULL,
  outline geometry(Polygon, 4326) NOT NULL
);

-- Hashes of the embedded facts that were loaded, so that a start with the same
-- binary loads nothing.
CREATE TABLE pub.reference_load (
  part   text PRIMARY KEY,
  sha256 text NOT NULL
);
