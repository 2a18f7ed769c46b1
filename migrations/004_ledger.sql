-- The ledger: contracts, commitments, orders, contributions and what belongs to
-- them. Each table of a kind has the kind's fields as columns (money in pence,
-- quantities in thousandths); identity is (source, external_id).

-- Who a reference means: "SOURCE//ID". Organisations that have an org-id are of
-- the source org-id, the same for everyone.
CREATE FUNCTION raw.ref_source(ref text) RETURNS text LANGUAGE sql IMMUTABLE PARALLEL SAFE RETURN split_part(ref, '//', 1);
CREATE FUNCTION raw.ref_id(ref text) RETURNS text LANGUAGE sql IMMUTABLE PARALLEL SAFE RETURN substr(ref, position('//' IN ref) + 2);

-- Plans, their priorities and measures, and the policy that goes with each:
-- published facts.
CREATE TABLE pub.plan (
  id         text PRIMARY KEY,
  kind       text NOT NULL,
  title      text NOT NULL,
  valid_from date NOT NULL DEFAULT '-infinity',
  valid_to   date NOT NULL DEFAULT 'infinity',
  policy     jsonb NOT NULL, -- as data.Policy; null where the policy leaves it open
  CHECK (valid_from < valid_to)
);
CREATE TABLE pub.plan_territory (
  plan_id      text NOT NULL REFERENCES pub.plan ON DELETE CASCADE,
  territory_id text NOT NULL REFERENCES pub.territory,
  PRIMARY KEY (plan_id, territory_id)
);
CREATE TABLE pub.priority (
  code     text PRIMARY KEY,
  plan_id  text NOT NULL REFERENCES pub.plan ON DELETE CASCADE,
  name     text NOT NULL,
  position integer NOT NULL
);
CREATE TABLE pub.measure (
  code          text PRIMARY KEY,
  priority_code text NOT NULL REFERENCES pub.priority ON DELETE CASCADE,
  name          text NOT NULL,
  types         text[] NOT NULL,
  units         text[] NOT NULL,
  beneficiaries text[] NOT NULL,
  target_area   text NOT NULL,
  in_territory  boolean NOT NULL,
  class         smallint NOT NULL,
  frameworks    text[] NOT NULL,
  position      integer NOT NULL
);

ALTER TABLE raw.organisation
  ALTER id SET DEFAULT gen_random_uuid(),
  ALTER kind DROP DEFAULT,
  ALTER kind DROP NOT NULL,
  ADD run_id uuid,
  ADD updated_at timestamptz NOT NULL DEFAULT now(),
  ADD sector text,
  ADD identifiers text[] NOT NULL DEFAULT '{}',
  ADD vcse boolean NOT NULL DEFAULT false,
  ADD scale text,
  ADD sole_trader boolean NOT NULL DEFAULT false,
  ADD url text;

CREATE TABLE raw.site (
  id uuid PRIMARY KEY DEFAULT gen_random_uuid(),
  source text NOT NULL,
  external_id text NOT NULL,
  run_id uuid NOT NULL,
  updated_at timestamptz NOT NULL,
  organisation_id uuid NOT NULL REFERENCES raw.organisation,
  name text,
  role text,
  area_code text,
  territory text,
  latitude double precision,
  longitude double precision,
  postcode text,
  -- Found from the columns above.
  geom geometry(Point, 4326),
  territory_id text REFERENCES pub.territory,
  found_area text,
  UNIQUE (source, external_id)
);

CREATE TABLE raw.footprint (
  id uuid PRIMARY KEY DEFAULT gen_random_uuid(),
  source text NOT NULL,
  external_id text NOT NULL,
  run_id uuid NOT NULL,
  updated_at timestamptz NOT NULL,
  buyer_id uuid NOT NULL REFERENCES raw.organisation,
  area_code text,
  territory text,
  UNIQUE (source, external_id)
);

CREATE TABLE raw.need (
  id uuid PRIMARY KEY DEFAULT gen_random_uuid(),
  source text NOT NULL,
  external_id text NOT NULL,
  run_id uuid NOT NULL,
  updated_at timestamptz NOT NULL,
  activity_id uuid NOT NULL REFERENCES raw.activity,
  type text NOT NULL,
  quantity_milli bigint,
  unit text,
  open_from date,
  open_to date,
  status text,
  text text,
  UNIQUE (source, external_id)
);

CREATE TABLE raw.validation (
  id uuid PRIMARY KEY DEFAULT gen_random_uuid(),
  source text NOT NULL,
  external_id text NOT NULL,
  run_id uuid NOT NULL,
  updated_at timestamptz NOT NULL,
  activity_id uuid NOT NULL REFERENCES raw.activity,
  validated_by_id uuid REFERENCES raw.organisation,
  decision text NOT NULL,
  decided_on date NOT NULL,
  expires_on date,
  criteria text[] NOT NULL,
  note text,
  UNIQUE (source, external_id)
);

CREATE TABLE raw.target_area_set (
  id uuid PRIMARY KEY DEFAULT gen_random_uuid(),
  source text NOT NULL,
  external_id text NOT NULL,
  run_id uuid NOT NULL,
  updated_at timestamptz NOT NULL,
  plan text NOT NULL,
  name text NOT NULL,
  basis text,
  public boolean NOT NULL,
  valid_from date,
  valid_to date,
  UNIQUE (source, external_id)
);

CREATE TABLE raw.target_area (
  id uuid PRIMARY KEY DEFAULT gen_random_uuid(),
  source text NOT NULL,
  external_id text NOT NULL,
  run_id uuid NOT NULL,
  updated_at timestamptz NOT NULL,
  set_id uuid NOT NULL REFERENCES raw.target_area_set,
  label text NOT NULL,
  areas text[] NOT NULL,
  UNIQUE (source, external_id)
);

CREATE TABLE raw.register_entry (
  id uuid PRIMARY KEY DEFAULT gen_random_uuid(),
  source text NOT NULL,
  external_id text NOT NULL,
  run_id uuid NOT NULL,
  updated_at timestamptz NOT NULL,
  organisation_id uuid NOT NULL REFERENCES raw.organisation,
  territory text NOT NULL,
  welcomes boolean NOT NULL,
  types text[] NOT NULL,
  measures text[] NOT NULL,
  note text,
  confirmed_on date NOT NULL,
  review_due_on date,
  UNIQUE (source, external_id)
);

CREATE TABLE raw.adoption (
  id uuid PRIMARY KEY DEFAULT gen_random_uuid(),
  source text NOT NULL,
  external_id text NOT NULL,
  run_id uuid NOT NULL,
  updated_at timestamptz NOT NULL,
  organisation_id uuid NOT NULL REFERENCES raw.organisation,
  plan text NOT NULL,
  extent text NOT NULL,
  measures text[] NOT NULL,
  mutual boolean NOT NULL,
  adopted_on date NOT NULL,
  ended_on date,
  report_due_on date,
  UNIQUE (source, external_id)
);

CREATE TABLE raw.contract (
  id uuid PRIMARY KEY DEFAULT gen_random_uuid(),
  source text NOT NULL,
  external_id text NOT NULL,
  run_id uuid NOT NULL,
  updated_at timestamptz NOT NULL,
  ocid text,
  kind text,
  buyer_id uuid NOT NULL REFERENCES raw.organisation,
  supplier_id uuid NOT NULL REFERENCES raw.organisation,
  title text NOT NULL,
  cpv text,
  value_pence bigint,
  signed_on date,
  starts_on date NOT NULL,
  ends_on date,
  closed_on date,
  sv_clause boolean NOT NULL,
  areas text[] NOT NULL,
  UNIQUE (source, external_id)
);

CREATE TABLE raw.delivery_site (
  id uuid PRIMARY KEY DEFAULT gen_random_uuid(),
  source text NOT NULL,
  external_id text NOT NULL,
  run_id uuid NOT NULL,
  updated_at timestamptz NOT NULL,
  contract_id uuid NOT NULL REFERENCES raw.contract,
  name text,
  demise text,
  area_code text,
  territory text,
  latitude double precision,
  longitude double precision,
  postcode text,
  demise_geom geometry(MultiPolygon, 4326) GENERATED ALWAYS AS (CASE WHEN demise IS NOT NULL THEN ST_Multi(ST_SetSRID(ST_GeomFromGeoJSON(demise), 4326)) END) STORED,
  geom geometry(Point, 4326),
  territory_id text REFERENCES pub.territory,
  found_area text,
  UNIQUE (source, external_id)
);

CREATE TABLE raw.transaction (
  id uuid PRIMARY KEY DEFAULT gen_random_uuid(),
  source text NOT NULL,
  external_id text NOT NULL,
  run_id uuid NOT NULL,
  updated_at timestamptz NOT NULL,
  buyer_id uuid NOT NULL REFERENCES raw.organisation,
  supplier_id uuid NOT NULL REFERENCES raw.organisation,
  date date NOT NULL,
  amount_pence bigint NOT NULL,
  contract_id uuid REFERENCES raw.contract,
  UNIQUE (source, external_id)
);

CREATE TABLE raw.commitment (
  id uuid PRIMARY KEY DEFAULT gen_random_uuid(),
  source text NOT NULL,
  external_id text NOT NULL,
  run_id uuid NOT NULL,
  updated_at timestamptz NOT NULL,
  contract_id uuid NOT NULL REFERENCES raw.contract,
  measure text,
  quantity_milli bigint,
  unit text,
  value_pence bigint,
  due_on date,
  clause text,
  UNIQUE (source, external_id)
);

CREATE TABLE raw.purchase_order (
  id uuid PRIMARY KEY DEFAULT gen_random_uuid(),
  source text NOT NULL,
  external_id text NOT NULL,
  run_id uuid NOT NULL,
  updated_at timestamptz NOT NULL,
  commitment_id uuid REFERENCES raw.commitment,
  activity_id uuid NOT NULL REFERENCES raw.activity,
  need_id uuid REFERENCES raw.need,
  supplier_id uuid NOT NULL REFERENCES raw.organisation,
  site_id uuid REFERENCES raw.site,
  type text NOT NULL,
  quantity_milli bigint,
  unit text,
  value_pence bigint,
  issued_on date,
  state text NOT NULL DEFAULT 'draft', -- the last event's
  UNIQUE (source, external_id)
);

CREATE TABLE raw.order_event (
  id uuid PRIMARY KEY DEFAULT gen_random_uuid(),
  source text NOT NULL,
  external_id text NOT NULL,
  run_id uuid NOT NULL,
  updated_at timestamptz NOT NULL,
  order_id uuid NOT NULL REFERENCES raw.purchase_order,
  state text NOT NULL,
  date date NOT NULL,
  reason text,
  UNIQUE (source, external_id)
);

CREATE TABLE raw.contribution (
  id uuid PRIMARY KEY DEFAULT gen_random_uuid(),
  source text NOT NULL,
  external_id text NOT NULL,
  run_id uuid NOT NULL,
  updated_at timestamptz NOT NULL,
  title text,
  supplier_id uuid NOT NULL REFERENCES raw.organisation,
  order_id uuid REFERENCES raw.purchase_order,
  contract_id uuid REFERENCES raw.contract,
  commitment_id uuid REFERENCES raw.commitment,
  activity_id uuid REFERENCES raw.activity,
  provider_id uuid REFERENCES raw.organisation,
  site_id uuid REFERENCES raw.site,
  measure text,
  type text NOT NULL,
  quantity_milli bigint,
  unit text,
  value_pence bigint,
  delivered_from date NOT NULL,
  delivered_to date,
  state text NOT NULL,
  additionality text NOT NULL,
  beneficiaries text[] NOT NULL,
  residence_area text,
  share text,
  joint text,
  class text NOT NULL CHECK (class IN ('s0', 's1', 's2', 's3')),
  places text[] NOT NULL,
  area_code text,
  territory text,
  latitude double precision,
  longitude double precision,
  postcode text,
  -- A secret activity's contribution keeps its territory alone.
  CONSTRAINT secret_has_no_position CHECK (class <> 's3' OR (latitude IS NULL AND longitude IS NULL AND postcode IS NULL AND area_code IS NULL AND residence_area IS NULL)),
  UNIQUE (source, external_id)
);

CREATE TABLE raw.evidence (
  id uuid PRIMARY KEY DEFAULT gen_random_uuid(),
  source text NOT NULL,
  external_id text NOT NULL,
  run_id uuid NOT NULL,
  updated_at timestamptz NOT NULL,
  contribution_id uuid NOT NULL REFERENCES raw.contribution,
  kind text NOT NULL,
  uri text,
  sha256 text,
  captured_on date,
  confirmed_by_id uuid REFERENCES raw.organisation,
  UNIQUE (source, external_id)
);

CREATE TABLE raw.review (
  id uuid PRIMARY KEY DEFAULT gen_random_uuid(),
  source text NOT NULL,
  external_id text NOT NULL,
  run_id uuid NOT NULL,
  updated_at timestamptz NOT NULL,
  contribution_id uuid NOT NULL REFERENCES raw.contribution,
  other_id uuid REFERENCES raw.contribution,
  finding text NOT NULL,
  decision text NOT NULL,
  date date NOT NULL,
  reason text NOT NULL,
  UNIQUE (source, external_id)
);

CREATE TABLE raw.progress_update (
  id uuid PRIMARY KEY DEFAULT gen_random_uuid(),
  source text NOT NULL,
  external_id text NOT NULL,
  run_id uuid NOT NULL,
  updated_at timestamptz NOT NULL,
  contract_id uuid NOT NULL REFERENCES raw.contract,
  period_start date NOT NULL,
  period_end date NOT NULL,
  due_on date,
  submitted_on date,
  summary text,
  UNIQUE (source, external_id)
);

CREATE TABLE raw.audit (
  id uuid PRIMARY KEY DEFAULT gen_random_uuid(),
  source text NOT NULL,
  external_id text NOT NULL,
  run_id uuid NOT NULL,
  updated_at timestamptz NOT NULL,
  contract_id uuid NOT NULL REFERENCES raw.contract,
  opened_on date,
  decided_on date NOT NULL,
  result text NOT NULL,
  note text,
  UNIQUE (source, external_id)
);

CREATE TABLE raw.hub (
  id uuid PRIMARY KEY DEFAULT gen_random_uuid(),
  source text NOT NULL,
  external_id text NOT NULL,
  run_id uuid NOT NULL,
  updated_at timestamptz NOT NULL,
  region text NOT NULL,
  host_id uuid NOT NULL REFERENCES raw.organisation,
  lead text,
  commissioned_on date NOT NULL,
  ended_on date,
  UNIQUE (source, external_id)
);

CREATE TABLE raw.indicator (
  id uuid PRIMARY KEY DEFAULT gen_random_uuid(),
  source text NOT NULL,
  external_id text NOT NULL,
  run_id uuid NOT NULL,
  updated_at timestamptz NOT NULL,
  title text NOT NULL,
  unit text NOT NULL,
  direction text NOT NULL,
  domain text NOT NULL,
  source_of text,
  UNIQUE (source, external_id)
);

CREATE TABLE raw.observation (
  id uuid PRIMARY KEY DEFAULT gen_random_uuid(),
  source text NOT NULL,
  external_id text NOT NULL,
  run_id uuid NOT NULL,
  updated_at timestamptz NOT NULL,
  indicator_id uuid NOT NULL REFERENCES raw.indicator,
  hub_id uuid REFERENCES raw.hub,
  activity_id uuid REFERENCES raw.activity,
  area_code text,
  territory text,
  period_start date NOT NULL,
  period_end date NOT NULL,
  value double precision NOT NULL,
  lower double precision,
  upper double precision,
  n integer,
  published boolean NOT NULL,
  UNIQUE (source, external_id)
);

CREATE TABLE raw.saving_estimate (
  id uuid PRIMARY KEY DEFAULT gen_random_uuid(),
  source text NOT NULL,
  external_id text NOT NULL,
  run_id uuid NOT NULL,
  updated_at timestamptz NOT NULL,
  activity_id uuid NOT NULL REFERENCES raw.activity,
  agency text NOT NULL,
  period_start date NOT NULL,
  period_end date NOT NULL,
  low_pence bigint NOT NULL,
  central_pence bigint NOT NULL,
  high_pence bigint NOT NULL,
  cost_source text NOT NULL,
  grade text,
  UNIQUE (source, external_id)
);

CREATE TABLE raw.document (
  id uuid PRIMARY KEY DEFAULT gen_random_uuid(),
  source text NOT NULL,
  external_id text NOT NULL,
  run_id uuid NOT NULL,
  updated_at timestamptz NOT NULL,
  kind text NOT NULL,
  title text NOT NULL,
  url text,
  organisation_id uuid REFERENCES raw.organisation,
  activity_id uuid REFERENCES raw.activity,
  territory text,
  region text,
  measures text[] NOT NULL,
  clause text,
  year integer,
  published_on date,
  consent text,
  text text,
  UNIQUE (source, external_id)
);

CREATE TABLE raw.academic_link (
  id uuid PRIMARY KEY DEFAULT gen_random_uuid(),
  source text NOT NULL,
  external_id text NOT NULL,
  run_id uuid NOT NULL,
  updated_at timestamptz NOT NULL,
  university_id uuid NOT NULL REFERENCES raw.organisation,
  faculty text,
  activity_id uuid NOT NULL REFERENCES raw.activity,
  kind text NOT NULL,
  UNIQUE (source, external_id)
);

-- A hub is one of a region at a time.
CREATE UNIQUE INDEX hub_one_active ON raw.hub (region) WHERE ended_on IS NULL;
CREATE INDEX ON raw.contribution (supplier_id);
CREATE INDEX ON raw.contribution (contract_id);
CREATE INDEX ON raw.contribution (activity_id);
CREATE INDEX ON raw.contribution (joint) WHERE joint IS NOT NULL;
CREATE INDEX ON raw.evidence (contribution_id);
CREATE INDEX ON raw.evidence (sha256) WHERE sha256 IS NOT NULL;
CREATE INDEX ON raw.order_event (order_id);
CREATE INDEX ON raw.transaction (buyer_id, supplier_id, date);
CREATE INDEX ON raw.audit (contract_id);
CREATE INDEX ON raw.delivery_site (contract_id);
CREATE INDEX ON raw.delivery_site USING gist (demise_geom);

-- A contribution split over places by whole-number weights; territory_id is
-- null where none was told: unallocated.
CREATE TABLE raw.allocation (
  contribution_id uuid NOT NULL REFERENCES raw.contribution ON DELETE CASCADE,
  n              integer NOT NULL,
  weight         bigint NOT NULL CHECK (weight > 0),
  pence          bigint NOT NULL,
  quantity_milli bigint NOT NULL,
  geom           geometry(Point, 4326),
  cell           bigint, -- H3, resolution 9
  method         text CHECK (method IN ('code', 'coordinates', 'postcode', 'outcode', 'polygon')),
  territory_id   text REFERENCES pub.territory,
  region_code    text REFERENCES pub.region,
  area_code      text,
  -- primary: its activity was validated on the day; unvalidated: not, or it
  -- has none; in_scope: in the contract's own scope, and so no social value.
  fact_id        bigint, -- the public fact made of it
  standing       text NOT NULL CHECK (standing IN ('primary', 'unvalidated', 'in_scope')),
  PRIMARY KEY (contribution_id, n)
);
CREATE INDEX ON raw.allocation (territory_id);

-- What the parts of a contribution add up to is the contribution, whenever a
-- transaction commits.
CREATE FUNCTION raw.must_add_up(subject uuid) RETURNS void LANGUAGE plpgsql AS $$
BEGIN
  IF EXISTS (
    SELECT FROM raw.contribution c
    CROSS JOIN LATERAL (SELECT sum(a.pence) AS pence, sum(a.quantity_milli) AS quantity, count(*) AS n FROM raw.allocation a WHERE a.contribution_id = c.id) s
    WHERE c.id = subject AND (s.n = 0 OR s.pence <> COALESCE(c.value_pence, 0) OR s.quantity <> COALESCE(c.quantity_milli, 0)))
  THEN
    RAISE EXCEPTION 'the allocations of contribution % do not add up to it', subject USING ERRCODE = 'check_violation';
  END IF;
END
$$;
CREATE FUNCTION raw.allocation_changed() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  PERFORM raw.must_add_up(COALESCE(NEW.contribution_id, OLD.contribution_id));
  RETURN NULL;
END
$$;
CREATE FUNCTION raw.contribution_changed() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  PERFORM raw.must_add_up(NEW.id);
  RETURN NULL;
END
$$;
CREATE CONSTRAINT TRIGGER adds_up AFTER INSERT OR UPDATE OF contribution_id, pence, quantity_milli OR DELETE ON raw.allocation
  DEFERRABLE INITIALLY DEFERRED FOR EACH ROW EXECUTE FUNCTION raw.allocation_changed();
CREATE CONSTRAINT TRIGGER adds_up AFTER INSERT OR UPDATE OF value_pence, quantity_milli ON raw.contribution
  DEFERRABLE INITIALLY DEFERRED FOR EACH ROW EXECUTE FUNCTION raw.contribution_changed();

-- What is suspected of contributions. Found by rule; decided by reviews.
CREATE TABLE raw.finding (
  contribution_id uuid NOT NULL REFERENCES raw.contribution ON DELETE CASCADE,
  other_id        uuid REFERENCES raw.contribution ON DELETE CASCADE,
  kind            text NOT NULL,
  state           text NOT NULL DEFAULT 'suspected',
  found_on        date NOT NULL DEFAULT CURRENT_DATE,
  grace_until     date, -- null: the policy gives no grace period, so it never lapses by itself
  UNIQUE NULLS NOT DISTINCT (kind, contribution_id, other_id)
);

-- A step of an order cannot be changed or taken back.
CREATE FUNCTION raw.refuse_step() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  RAISE EXCEPTION 'a step of an order cannot be changed';
END
$$;
CREATE TRIGGER append_only BEFORE UPDATE OR DELETE ON raw.order_event FOR EACH ROW EXECUTE FUNCTION raw.refuse_step();
CREATE TRIGGER never_emptied BEFORE TRUNCATE ON raw.order_event FOR EACH STATEMENT EXECUTE FUNCTION raw.refuse_step();

-- Which state of an order may follow which.
CREATE TABLE pub.order_step (from_state text NOT NULL, to_state text NOT NULL, PRIMARY KEY (from_state, to_state));
INSERT INTO pub.order_step VALUES
  ('draft', 'issued'), ('draft', 'cancelled'),
  ('issued', 'accepted'), ('issued', 'declined'), ('issued', 'cancelled'),
  ('accepted', 'in_delivery'), ('accepted', 'suspended'), ('accepted', 'cancelled'),
  ('in_delivery', 'delivered'), ('in_delivery', 'suspended'), ('in_delivery', 'cancelled'),
  ('suspended', 'accepted'), ('suspended', 'in_delivery'), ('suspended', 'cancelled'),
  ('delivered', 'confirmed'), ('delivered', 'in_delivery'),
  ('confirmed', 'evidenced'), ('evidenced', 'audited'), ('audited', 'closed');

DO $$
DECLARE name text;
BEGIN
  FOR name IN SELECT c.relname FROM pg_class c WHERE c.relnamespace = 'raw'::regnamespace AND c.relkind = 'r' AND NOT c.relrowsecurity LOOP
    EXECUTE format('ALTER TABLE raw.%I ENABLE ROW LEVEL SECURITY, FORCE ROW LEVEL SECURITY', name);
    EXECUTE format('CREATE POLICY acting ON raw.%I USING (raw.actor() IS NOT NULL)', name);
  END LOOP;
END
$$;

-- The public facts: one row an allocation, no finer than it may be shown.
-- Everything that any question filters by stands here, so that no question
-- needs another table to be right.
CREATE TABLE pub.fact (
  id             bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
  contribution_id uuid, -- null for a secret one
  level          text NOT NULL CHECK (level IN ('exact', 'cell', 'area', 'territory', 'region', 'uk')),
  day            date NOT NULL, -- the quarter's first for a secret one
  pence          bigint NOT NULL,
  quantity_milli bigint NOT NULL,
  unit           text,
  type           text NOT NULL,
  measure        text,
  priority       text,
  themes         text[] NOT NULL,
  beneficiaries  text[] NOT NULL,
  sector         text,
  state          text NOT NULL,
  standing       text NOT NULL,
  territory_id   text,
  region_code    text,
  area_code      text,
  cell           bigint,
  supplier_id    uuid,
  buyer_id       uuid,
  provider_id    uuid,
  activity_id    uuid,
  contract_id    uuid,
  supplier_territory text, -- of the site that gave, if told
  buyer_territory    text,
  CHECK (level IN ('exact', 'cell') OR cell IS NULL),
  CHECK (level NOT IN ('region', 'uk') OR territory_id IS NULL)
);
CREATE INDEX ON pub.fact (contribution_id);
CREATE INDEX ON pub.fact (territory_id);
