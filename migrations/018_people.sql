-- People who sign in, their sessions and what they have not sent yet.

-- A person is known by what their issuer calls them, hashed: there is no column
-- for a name or an address. Without a role nobody has given them access.
CREATE TABLE raw.account (
  id            text PRIMARY KEY,
  subject       bytea NOT NULL UNIQUE CHECK (length(subject) = 32), -- SHA-256 of issuer and subject
  role          text CHECK (role IN ('supplier', 'provider', 'buyer', 'office', 'hub', 'admin')),
  territories   text[] NOT NULL DEFAULT '{}',
  organisation  text, -- "SOURCE//ID"
  source        text CHECK (source <> '' AND source <> 'org-id' AND source NOT LIKE '%//%'),
  label         text, -- whose it is, in the words of who gave access
  demonstration boolean NOT NULL DEFAULT false,
  granted_by    text,
  granted_at    timestamptz,
  created_at    timestamptz NOT NULL DEFAULT now(),
  seen_on       date,
  CONSTRAINT is_for_somebody CHECK (CASE role
    WHEN 'admin' THEN cardinality(territories) = 0 AND organisation IS NULL
    WHEN 'office' THEN cardinality(territories) > 0 AND organisation IS NULL
    WHEN 'hub' THEN cardinality(territories) > 0 AND organisation IS NULL
    ELSE role IS NULL OR organisation IS NOT NULL END),
  CONSTRAINT writes_under_a_source CHECK (role IS NULL OR source IS NOT NULL)
);

-- A session ends after an hour without a request, and after twelve in any case.
CREATE TABLE raw.session (
  hash       bytea PRIMARY KEY CHECK (length(hash) = 32), -- of the secret in the cookie
  account_id text NOT NULL REFERENCES raw.account ON DELETE CASCADE,
  created_at timestamptz NOT NULL DEFAULT now(),
  used_at    timestamptz NOT NULL DEFAULT now()
);
CREATE INDEX ON raw.session (account_id);
CREATE INDEX ON raw.session (created_at);

ALTER TABLE raw.account ENABLE ROW LEVEL SECURITY, FORCE ROW LEVEL SECURITY;
ALTER TABLE raw.session ENABLE ROW LEVEL SECURITY, FORCE ROW LEVEL SECURITY;
CREATE POLICY acting ON raw.account USING (raw.actor() IS NOT NULL);
CREATE POLICY acting ON raw.session USING (raw.actor() IS NOT NULL);

-- The account of a session in force; notes, at most once a minute, that it was
-- used. One statement, so that a request is known in one round trip.
CREATE FUNCTION raw.session_in_force(secret bytea) RETURNS SETOF raw.account LANGUAGE plpgsql AS $$
BEGIN
  PERFORM set_config('tributary.actor', 'door', true);
  UPDATE raw.session s SET used_at = now()
  FROM (SELECT hash FROM raw.session WHERE hash = secret AND used_at < now() - interval '1 minute'
          AND used_at > now() - interval '1 hour' AND created_at > now() - interval '12 hours'
        FOR UPDATE SKIP LOCKED) u
  WHERE s.hash = u.hash;
  RETURN QUERY SELECT a.* FROM raw.session s JOIN raw.account a ON a.id = s.account_id
    WHERE s.hash = secret AND s.used_at > now() - interval '1 hour' AND s.created_at > now() - interval '12 hours';
END
$$;

-- Requests of people are answered once too.
ALTER TABLE raw.idempotency DROP CONSTRAINT idempotency_key_id_fkey;
