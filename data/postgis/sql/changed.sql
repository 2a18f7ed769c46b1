-- What an import wrote.
CREATE TEMP TABLE changed (kind text NOT NULL, id uuid NOT NULL, added boolean NOT NULL) ON COMMIT DROP
