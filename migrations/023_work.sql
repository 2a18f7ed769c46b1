-- What people have typed and not sent yet, so that a lost connection, a session
-- that runs out or the back button loses nothing. A draft that has been sent
-- stays for a while, with what the record was before, so that it can be undone.
CREATE TABLE raw.draft (
  id         text PRIMARY KEY, -- also the idempotency key of sending it
  account_id text NOT NULL REFERENCES raw.account ON DELETE CASCADE,
  journey    text NOT NULL,
  given      jsonb NOT NULL, -- fields that were settled when it was begun
  answers    jsonb NOT NULL, -- as typed, by column
  record     text,           -- the record that it changes
  etag       text,           -- of that record as it was read
  before     text,           -- and what it said
  updated_at timestamptz NOT NULL DEFAULT now(),
  sent_at    timestamptz,
  sent_etag  text
);
CREATE INDEX ON raw.draft (account_id, updated_at);
ALTER TABLE raw.draft ENABLE ROW LEVEL SECURITY, FORCE ROW LEVEL SECURITY;
CREATE POLICY acting ON raw.draft USING (raw.actor() IS NOT NULL);

-- The history of a record.
CREATE INDEX ON audit.log (subject);

CREATE INDEX ON raw.purchase_order (supplier_id);
CREATE INDEX ON raw.purchase_order (activity_id);
CREATE INDEX ON raw.contract (supplier_id);
CREATE INDEX ON raw.contract (buyer_id);
CREATE INDEX ON raw.site (organisation_id);
CREATE INDEX ON raw.register_entry (organisation_id);
CREATE INDEX ON raw.finding (state);
