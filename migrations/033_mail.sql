-- Mail of what waits for people. An address is here for as long as its owner
-- wants mail, and nowhere else.
CREATE TABLE raw.subscription (
  account_id   text PRIMARY KEY REFERENCES raw.account ON DELETE CASCADE,
  address      text NOT NULL CHECK (address LIKE '%_@_%' AND length(address) <= 254),
  how          text NOT NULL CHECK (how IN ('at_once', 'daily')),
  secret       text NOT NULL UNIQUE, -- of the links in mail to this address
  asked_at     timestamptz NOT NULL DEFAULT now(),
  confirmed_at timestamptz,
  look_at      timestamptz NOT NULL DEFAULT now(), -- when to look next for what waits
  told         text[] NOT NULL DEFAULT '{}',       -- what waited at the last look, hashed
  failed_at    timestamptz,                        -- given up, until its owner asks again
  failure      text
);
CREATE INDEX ON raw.subscription (look_at) WHERE confirmed_at IS NOT NULL AND failed_at IS NULL;

-- The outbox. A mail says how many things wait, never which.
CREATE TABLE raw.mail (
  id         bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
  account_id text NOT NULL REFERENCES raw.account ON DELETE CASCADE,
  kind       text NOT NULL CHECK (kind IN ('confirm', 'waiting')),
  message_id uuid NOT NULL DEFAULT gen_random_uuid(), -- the same each time it is tried
  waiting    integer NOT NULL DEFAULT 0,
  fresh      integer NOT NULL DEFAULT 0,
  overdue    integer NOT NULL DEFAULT 0,
  created_at timestamptz NOT NULL DEFAULT now(),
  next_at    timestamptz NOT NULL DEFAULT now(), -- not tried before
  attempts   integer NOT NULL DEFAULT 0,
  sent_at    timestamptz,
  failed_at  timestamptz,
  CHECK (sent_at IS NULL OR failed_at IS NULL)
);
CREATE INDEX ON raw.mail (account_id, created_at);
CREATE UNIQUE INDEX mail_one_to_send ON raw.mail (account_id) WHERE sent_at IS NULL AND failed_at IS NULL;

ALTER TABLE raw.subscription ENABLE ROW LEVEL SECURITY, FORCE ROW LEVEL SECURITY;
ALTER TABLE raw.mail ENABLE ROW LEVEL SECURITY, FORCE ROW LEVEL SECURITY;
CREATE POLICY acting ON raw.subscription USING (raw.actor() IS NOT NULL);
CREATE POLICY acting ON raw.mail USING (raw.actor() IS NOT NULL);
