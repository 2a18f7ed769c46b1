-- Where nobody has loaded a baseline, a gap asks for the towns in each area.
CREATE INDEX town_geom ON pub.town USING gist (geom);
