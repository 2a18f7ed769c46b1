-- What an import wrote, and who it is; what only follows from that has no
-- identity here.
CREATE TEMP TABLE changed (kind text NOT NULL, id uuid NOT NULL, added boolean NOT NULL, source text, external_id text) ON COMMIT DROP
