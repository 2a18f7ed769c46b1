-- Messages about records, between those who may read one and those who keep it.
CREATE TABLE raw.message (
  id           text PRIMARY KEY, -- made with the form, so that a form sent twice is one message
  kind         text NOT NULL,
  source       text NOT NULL,
  external_id  text NOT NULL,
  text         text NOT NULL CHECK (btrim(text) <> '' AND length(text) <= 2000),
  from_account text NOT NULL REFERENCES raw.account ON DELETE CASCADE,
  to_account   text REFERENCES raw.account ON DELETE CASCADE, -- an answer; null is whoever keeps the record
  answers      text REFERENCES raw.message ON DELETE CASCADE,
  sent_at      timestamptz NOT NULL DEFAULT now(),
  done_at      timestamptz,
  done_by      text,
  CHECK ((to_account IS NULL) = (answers IS NULL)),
  CHECK ((done_at IS NULL) = (done_by IS NULL))
);
CREATE INDEX ON raw.message (source) WHERE done_at IS NULL;
CREATE INDEX ON raw.message (answers);
ALTER TABLE raw.message ENABLE ROW LEVEL SECURITY, FORCE ROW LEVEL SECURITY;
CREATE POLICY acting ON raw.message USING (raw.actor() IS NOT NULL);
-- Who signs in for a source.
CREATE INDEX ON raw.account (source);
