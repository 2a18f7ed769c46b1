-- Rows of a file on their way in: checked, classed, not yet placed. A secret
-- row arrives with its territory and without any position.
CREATE TEMP TABLE stage (
  line            integer NOT NULL,
  external_id     text NOT NULL,
  name            text NOT NULL,
  summary         text NOT NULL,
  url             text NOT NULL,
  provider        text NOT NULL,
  provider_key    text NOT NULL,
  themes          text[] NOT NULL,
  measures        text[] NOT NULL,
  status          text NOT NULL,
  role            text NOT NULL,
  class           smallint NOT NULL,
  class_reasons   text[] NOT NULL,
  geom            geometry(Geometry, 4326),
  cell            bigint,
  method          text,
  postcode        text,
  outcode         text,
  locality        text,
  given_area      text,
  given_territory text,
  place_key       text NOT NULL,
  problem_field   text, -- what is wrong with the row already
  problem_value   text,
  problem_reason  text,
  n               integer PRIMARY KEY
) ON COMMIT DROP
