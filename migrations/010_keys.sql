-- Keys for machines, and the answers to requests that may be repeated.

-- Only the SHA-256 of a secret is kept: it holds 260 random bits, so that a
-- slow hash would guard nothing.
CREATE TABLE raw.api_key (
  id           text PRIMARY KEY,
  hash         bytea NOT NULL UNIQUE CHECK (length(hash) = 32),
  role         text NOT NULL CHECK (role IN ('supplier', 'provider', 'buyer', 'office', 'hub', 'admin')),
  territories  text[] NOT NULL,
  organisation text, -- "SOURCE//ID"
  source       text NOT NULL CHECK (source <> '' AND source <> 'org-id' AND source NOT LIKE '%//%'),
  label        text,
  created_by   text NOT NULL,
  created_at   timestamptz NOT NULL DEFAULT now(),
  expires_at   timestamptz NOT NULL,
  revoked_at   timestamptz,
  last_used_at timestamptz,
  CONSTRAINT lasts_at_most_90_days CHECK (expires_at > created_at AND expires_at <= created_at + interval '90 days'),
  CONSTRAINT is_for_somebody CHECK (CASE role
    WHEN 'admin' THEN cardinality(territories) = 0 AND organisation IS NULL
    WHEN 'office' THEN cardinality(territories) > 0 AND organisation IS NULL
    WHEN 'hub' THEN cardinality(territories) > 0 AND organisation IS NULL
    ELSE organisation IS NOT NULL END)
);

-- The answer to each request that had an idempotency key, written in the same
-- transaction as what it tells of.
CREATE TABLE raw.idempotency (
  key_id     text NOT NULL REFERENCES raw.api_key,
  key        text NOT NULL,
  digest     bytea NOT NULL CHECK (length(digest) = 32), -- of method, path and body
  status     integer NOT NULL,
  location   text NOT NULL,
  etag       text NOT NULL,
  body       bytea NOT NULL,
  created_at timestamptz NOT NULL DEFAULT now(),
  PRIMARY KEY (key_id, key)
);
CREATE INDEX ON raw.idempotency (created_at);

ALTER TABLE raw.api_key     ENABLE ROW LEVEL SECURITY, FORCE ROW LEVEL SECURITY;
ALTER TABLE raw.idempotency ENABLE ROW LEVEL SECURITY, FORCE ROW LEVEL SECURITY;
CREATE POLICY acting ON raw.api_key     USING (raw.actor() IS NOT NULL);
CREATE POLICY acting ON raw.idempotency USING (raw.actor() IS NOT NULL);

-- The key of a secret, if it is in force; notes, at most once a minute, that it
-- was used. One statement, so that a request is known in one round trip.
CREATE FUNCTION raw.key_in_force(secret bytea) RETURNS SETOF raw.api_key LANGUAGE plpgsql AS $$
BEGIN
  PERFORM set_config('tributary.actor', 'door', true);
  UPDATE raw.api_key k SET last_used_at = now()
  FROM (SELECT id FROM raw.api_key WHERE hash = secret AND expires_at > now() AND revoked_at IS NULL
          AND (last_used_at IS NULL OR last_used_at < now() - interval '1 minute')
        FOR UPDATE SKIP LOCKED) u
  WHERE k.id = u.id;
  RETURN QUERY SELECT * FROM raw.api_key k WHERE k.hash = secret AND k.expires_at > now() AND k.revoked_at IS NULL;
END
$$;

-- The territory that a territory's, a district's or an area's code lies in.
CREATE FUNCTION raw.territory_of(code text) RETURNS text LANGUAGE sql STABLE PARALLEL SAFE AS $$
  SELECT COALESCE(
    (SELECT t.id FROM pub.territory t WHERE t.id = territory_of.code),
    (SELECT d.territory_id FROM pub.district d WHERE d.code = territory_of.code),
    (SELECT sh.territory_id FROM pub.boundary_set s JOIN pub.shape sh ON sh.set_id = s.id AND sh.code = territory_of.code
     WHERE s.current AND s.kind IN ('county_or_unitary', 'district')))
$$;

-- Where an activity happens: where it is delivered, else wherever it is.
CREATE FUNCTION raw.territories_of_activity(activity uuid) RETURNS text[] LANGUAGE sql STABLE PARALLEL SAFE AS $$
  SELECT COALESCE(
    (SELECT array_agg(DISTINCT p.territory_id) FROM raw.place p WHERE p.activity_id = activity AND p.role IN ('delivery', 'service_area')),
    (SELECT array_agg(DISTINCT p.territory_id) FROM raw.place p WHERE p.activity_id = activity),
    '{}')
$$;

-- Where a contract is delivered: in the areas that it names, else at its
-- delivery sites, else where its buyer is.
CREATE FUNCTION raw.territories_of_contract(contract uuid) RETURNS text[] LANGUAGE sql STABLE PARALLEL SAFE AS $$
  SELECT COALESCE(
    (SELECT array_agg(DISTINCT raw.territory_of(a)) FROM raw.contract k, unnest(k.areas) a WHERE k.id = contract HAVING count(*) > 0),
    (SELECT array_agg(DISTINCT d.territory_id) FROM raw.delivery_site d WHERE d.contract_id = contract AND d.territory_id IS NOT NULL),
    (SELECT ARRAY[o.territory_id] FROM raw.contract k JOIN raw.organisation o ON o.id = k.buyer_id WHERE k.id = contract AND o.territory_id IS NOT NULL),
    '{}')
$$;

-- How an organisation is spelt in references.
CREATE FUNCTION raw.spelt(organisation uuid) RETURNS text LANGUAGE sql STABLE PARALLEL SAFE AS $$
  SELECT o.source || '//' || o.external_id FROM raw.organisation o WHERE o.id = organisation
$$;

-- What a single write looks for must not take longer as the ledger grows.
CREATE INDEX ON pub.fact (supplier_id);
CREATE INDEX ON pub.fact (buyer_id);
CREATE INDEX ON pub.fact (provider_id);
