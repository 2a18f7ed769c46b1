-- What else anyone may see, of which no picture is made: names of
-- organisations, and how many are withheld where. It has a kind of its own in
-- the change log, because territories and boundaries ("reference") redraw
-- everything.
ALTER TABLE raw.change DROP CONSTRAINT change_kind_check,
  ADD CONSTRAINT change_kind_check CHECK (kind IN ('facts', 'places', 'activities', 'reference', 'names', 'needs', 'stories', 'hubs', 'target_areas', 'plans'));
