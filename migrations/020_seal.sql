-- The audit log is chained by hash, after the fact: within the writers'
-- transactions that would let them wait for one another. A sealer takes the rows
-- that are committed, in the order in which it finds them, and adds a link each.

-- Which transaction wrote a row: the sealer looks only at those that its last
-- look could not see. The rows of before are of none.
ALTER TABLE audit.log ADD xid xid8 NOT NULL DEFAULT '0';
ALTER TABLE audit.log ALTER xid SET DEFAULT pg_current_xact_id();
CREATE INDEX ON audit.log (xid);

CREATE TABLE audit.seal (
  position bigint PRIMARY KEY CHECK (position > 0),
  log_id   bigint NOT NULL UNIQUE,
  hash     bytea NOT NULL CHECK (length(hash) = 32), -- of the one before and the row, see data/postgis/seal.go
  sealed_at timestamptz NOT NULL DEFAULT clock_timestamp()
);
CREATE TRIGGER append_only BEFORE UPDATE OR DELETE OR TRUNCATE ON audit.seal
  FOR EACH STATEMENT EXECUTE FUNCTION audit.refuse();

-- Up to where everything is sealed; a transaction before it wrote nothing since.
CREATE TABLE audit.sealed (
  one     boolean PRIMARY KEY DEFAULT true CHECK (one),
  horizon xid8 NOT NULL
);
INSERT INTO audit.sealed VALUES (true, '0');
GRANT UPDATE ON audit.sealed TO tributary_app;
