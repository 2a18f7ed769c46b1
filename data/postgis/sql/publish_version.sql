-- Marks that something else that anyone may see has changed: names, what is
-- withheld, boundaries. Facts, places and activities log themselves.
INSERT INTO raw.change (kind, whole) VALUES ('reference', true)
