-- Postcodes of a file on their way in; those without an inward half are
-- outward codes.
CREATE TEMP TABLE postcode_stage (
  line integer NOT NULL, postcode text COLLATE "C", outcode text NOT NULL COLLATE "C", geom geometry(Point, 4326) NOT NULL,
  cell bigint NOT NULL, district text, pfa text, terminated boolean NOT NULL
) ON COMMIT DROP
