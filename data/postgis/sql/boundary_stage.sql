-- Boundaries on their way in. A second set of the same transaction replaces
-- the first.
CREATE TEMP TABLE IF NOT EXISTS incoming_shape (
  code text NOT NULL, name text NOT NULL, name_cy text, territory_id text,
  geom geometry(MultiPolygon, 4326) NOT NULL
) ON COMMIT DROP;
