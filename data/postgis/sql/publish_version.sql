-- Marks that something else that anyone may see has changed: names of
-- organisations, what is withheld. Everything that is drawn logs itself.
INSERT INTO raw.change (kind, whole) VALUES ('names', true)
