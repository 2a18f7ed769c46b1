-- Territories, bodies, plans and policies as records like any other, so that
-- mergers of forces, changes of government and new plans are rows; and what
-- the policy says of employment and of suspected contributions.

CREATE TABLE raw.territory (
  id uuid PRIMARY KEY DEFAULT gen_random_uuid(),
  source text NOT NULL,
  external_id text NOT NULL,
  run_id uuid NOT NULL,
  updated_at timestamptz NOT NULL,
  code text NOT NULL,
  code_kind text,
  name text NOT NULL,
  name_cy text,
  force text NOT NULL,
  police_uk_id text,
  region text NOT NULL,
  plan_kind text,
  predecessors text[] NOT NULL,
  valid_from date,
  onboarding text,
  onboarded_on date,
  UNIQUE (source, external_id)
);

CREATE TABLE raw.policing_body (
  id uuid PRIMARY KEY DEFAULT gen_random_uuid(),
  source text NOT NULL,
  external_id text NOT NULL,
  run_id uuid NOT NULL,
  updated_at timestamptz NOT NULL,
  kind text NOT NULL,
  name text NOT NULL,
  url text,
  planned_end text,
  UNIQUE (source, external_id)
);

CREATE TABLE raw.governance (
  id uuid PRIMARY KEY DEFAULT gen_random_uuid(),
  source text NOT NULL,
  external_id text NOT NULL,
  run_id uuid NOT NULL,
  updated_at timestamptz NOT NULL,
  body text NOT NULL,
  territory text NOT NULL,
  holder text,
  valid_from date,
  valid_to date,
  UNIQUE (source, external_id)
);

CREATE TABLE raw.procurement_group (
  id uuid PRIMARY KEY DEFAULT gen_random_uuid(),
  source text NOT NULL,
  external_id text NOT NULL,
  run_id uuid NOT NULL,
  updated_at timestamptz NOT NULL,
  name text NOT NULL,
  territories text[] NOT NULL,
  url text,
  note text,
  UNIQUE (source, external_id)
);

CREATE TABLE raw.plan (
  id uuid PRIMARY KEY DEFAULT gen_random_uuid(),
  source text NOT NULL,
  external_id text NOT NULL,
  run_id uuid NOT NULL,
  updated_at timestamptz NOT NULL,
  kind text,
  title text NOT NULL,
  territories text[] NOT NULL,
  url text,
  valid_from date,
  valid_to date,
  UNIQUE (source, external_id)
);

CREATE TABLE raw.priority (
  id uuid PRIMARY KEY DEFAULT gen_random_uuid(),
  source text NOT NULL,
  external_id text NOT NULL,
  run_id uuid NOT NULL,
  updated_at timestamptz NOT NULL,
  plan text NOT NULL,
  name text NOT NULL,
  position integer,
  replaces text[] NOT NULL,
  UNIQUE (source, external_id)
);

CREATE TABLE raw.measure (
  id uuid PRIMARY KEY DEFAULT gen_random_uuid(),
  source text NOT NULL,
  external_id text NOT NULL,
  run_id uuid NOT NULL,
  updated_at timestamptz NOT NULL,
  priority text NOT NULL,
  name text NOT NULL,
  types text[] NOT NULL,
  units text[] NOT NULL,
  beneficiaries text[] NOT NULL,
  pillar text,
  target_area text,
  in_territory boolean NOT NULL,
  class text,
  class_note text,
  frameworks text[] NOT NULL,
  position integer,
  UNIQUE (source, external_id)
);

CREATE TABLE raw.policy (
  id uuid PRIMARY KEY DEFAULT gen_random_uuid(),
  source text NOT NULL,
  external_id text NOT NULL,
  run_id uuid NOT NULL,
  updated_at timestamptz NOT NULL,
  plan text NOT NULL,
  title text NOT NULL,
  url text,
  contract_over_pence bigint,
  rolling_value_pence bigint,
  rolling_months integer,
  grace_days integer,
  update_days integer,
  continued_fraction text,
  target_areas text,
  local_area text,
  environment text,
  applies_to text[] NOT NULL,
  valid_from date,
  valid_to date,
  UNIQUE (source, external_id)
);

CREATE TABLE raw.funding (
  id uuid PRIMARY KEY DEFAULT gen_random_uuid(),
  source text NOT NULL,
  external_id text NOT NULL,
  run_id uuid NOT NULL,
  updated_at timestamptz NOT NULL,
  activity_id uuid NOT NULL REFERENCES raw.activity,
  funded_until date,
  closed_on date,
  reason text,
  UNIQUE (source, external_id)
);
CREATE INDEX ON raw.funding (activity_id);

-- The codes of published records are everybody's: two sources cannot give one
-- code to two things.
CREATE VIEW raw.published_code AS
          SELECT 'territory' AS kind, external_id AS code, source FROM raw.territory
UNION ALL SELECT 'policing_body', external_id, source FROM raw.policing_body
UNION ALL SELECT 'procurement_group', external_id, source FROM raw.procurement_group
UNION ALL SELECT 'plan', external_id, source FROM raw.plan
UNION ALL SELECT 'priority', external_id, source FROM raw.priority
UNION ALL SELECT 'measure', external_id, source FROM raw.measure
UNION ALL SELECT 'policy', external_id, source FROM raw.policy;

DO $$
DECLARE name text;
BEGIN
  FOR name IN SELECT c.relname FROM pg_class c WHERE c.relnamespace = 'raw'::regnamespace AND c.relkind = 'r' AND NOT c.relrowsecurity LOOP
    EXECUTE format('ALTER TABLE raw.%I ENABLE ROW LEVEL SECURITY, FORCE ROW LEVEL SECURITY', name);
    EXECUTE format('CREATE POLICY acting ON raw.%I USING (raw.actor() IS NOT NULL)', name);
  END LOOP;
END
$$;

-- A territory ends when one that names it as a predecessor begins.
ALTER TABLE pub.territory
  ADD predecessors text[] NOT NULL DEFAULT '{}',
  ADD valid_from   date NOT NULL DEFAULT '-infinity',
  ADD valid_to     date NOT NULL DEFAULT 'infinity',
  ADD onboarding   text NOT NULL DEFAULT 'not_started' CHECK (onboarding IN ('not_started', 'pilot', 'live')),
  ADD onboarded_on date,
  ADD CHECK (valid_from < valid_to);

ALTER TABLE pub.policing_body ADD url text;
DROP TABLE pub.governance;
-- Who governs a territory when: many to many, half-open days. A row ends at
-- the latest when the next one for its territory begins.
CREATE TABLE pub.governance (
  id           uuid PRIMARY KEY,
  body_id      text NOT NULL REFERENCES pub.policing_body,
  territory_id text NOT NULL REFERENCES pub.territory,
  holder       text,
  valid_from   date NOT NULL,
  valid_to     date NOT NULL,
  CHECK (valid_from < valid_to)
);
CREATE INDEX ON pub.governance (territory_id);

CREATE TABLE pub.procurement_group (
  id          text PRIMARY KEY,
  name        text NOT NULL,
  territories text[] NOT NULL,
  url         text,
  note        text
);

ALTER TABLE pub.plan DROP policy, ADD url text;
DROP TABLE pub.plan_territory;
-- Which plan a territory has when. A later plan of the same kind ends the one
-- before; local plans stand beside.
CREATE TABLE pub.plan_territory (
  plan_id      text NOT NULL REFERENCES pub.plan ON DELETE CASCADE,
  territory_id text NOT NULL REFERENCES pub.territory,
  valid_from   date NOT NULL,
  valid_to     date NOT NULL,
  PRIMARY KEY (plan_id, territory_id),
  CHECK (valid_from < valid_to)
);
ALTER TABLE pub.priority ADD replaces text[] NOT NULL DEFAULT '{}';
ALTER TABLE pub.measure ADD pillar text, ADD class_note text;

-- What the policy of a plan fixes; null where it leaves the matter open.
CREATE TABLE pub.policy (
  id                  text PRIMARY KEY,
  plan_id             text NOT NULL REFERENCES pub.plan ON DELETE CASCADE,
  title               text NOT NULL,
  url                 text,
  contract_over_pence bigint,
  rolling_pence       bigint,
  rolling_months      integer,
  grace_days          integer,
  update_days         integer,
  -- The part that counts of employment that had begun before the contract.
  continued_numerator   bigint,
  continued_denominator bigint,
  target_areas        text,
  local_area          text,
  environment         text,
  applies_to          text[] NOT NULL,
  valid_from          date NOT NULL,
  valid_to            date NOT NULL,
  CHECK (valid_from < valid_to),
  CHECK (continued_numerator BETWEEN 0 AND continued_denominator)
);

-- The policy of each territory on each day.
CREATE VIEW pub.policy_in_force AS
SELECT t.territory_id, p.kind AS plan_kind, y.*, GREATEST(t.valid_from, y.valid_from) AS in_force_from, LEAST(t.valid_to, y.valid_to) AS in_force_to
FROM pub.plan_territory t
JOIN pub.plan p ON p.id = t.plan_id AND p.kind <> 'local_plan'
JOIN pub.policy y ON y.plan_id = p.id
WHERE GREATEST(t.valid_from, y.valid_from) < LEAST(t.valid_to, y.valid_to);

-- The law of each nation on social value.
CREATE TABLE pub.regime (
  nation                text PRIMARY KEY,
  instruments           text[] NOT NULL,
  plan_name             text NOT NULL,
  body_name             text NOT NULL,
  serious_violence_duty boolean NOT NULL,
  note                  text NOT NULL
);

-- Why a part counts or does not.
-- continued: employment that had begun before the contract, beyond the
-- fraction that the policy counts, or all of it where the policy leaves that
-- open; elsewhere: employment of people who live outside the plan's territory.
ALTER TABLE raw.allocation DROP CONSTRAINT allocation_standing_check,
  ADD CONSTRAINT allocation_standing_check CHECK (standing IN ('primary', 'unvalidated', 'in_scope', 'continued', 'elsewhere'));

-- Which contribution of a finding falls when it is upheld.
ALTER TABLE raw.finding ADD falls_id uuid REFERENCES raw.contribution ON DELETE CASCADE;
CREATE INDEX ON raw.finding (contribution_id);
CREATE INDEX ON raw.finding (other_id);
CREATE INDEX ON raw.contribution (order_id) WHERE order_id IS NOT NULL;
CREATE INDEX ON raw.contribution (measure) WHERE measure IS NOT NULL;
CREATE INDEX contribution_secret ON raw.contribution (delivered_from) WHERE class = 's3';
CREATE INDEX contribution_continued ON raw.contribution (id) WHERE additionality = 'continued' OR residence_area IS NOT NULL;
CREATE INDEX ON raw.site (organisation_id);
CREATE INDEX ON raw.contribution (site_id) WHERE site_id IS NOT NULL;
CREATE INDEX ON raw.contract (buyer_id);
CREATE INDEX ON raw.review (contribution_id);

-- Contributions that a finding holds: open while it is suspected or confirmed,
-- falling when it was upheld against them.
CREATE VIEW raw.held AS
SELECT x.id AS contribution_id, bool_or(f.state IN ('suspected', 'confirmed')) AS open, bool_or(f.state = 'upheld' AND f.falls_id = x.id) AS falls
FROM raw.finding f CROSS JOIN LATERAL (VALUES (f.contribution_id), (f.other_id)) x(id)
WHERE f.kind <> 'inside_demise' AND x.id IS NOT NULL
GROUP BY x.id;

-- The evidence state that a contribution is shown in: one that is suspected
-- stays claimed, one that fell does not count.
CREATE FUNCTION raw.shown_state(state text, open boolean, falls boolean) RETURNS text LANGUAGE sql IMMUTABLE PARALLEL SAFE
  RETURN CASE WHEN falls THEN 'rejected' WHEN open AND state <> 'rejected' THEN 'claimed' ELSE state END;

-- Where an organisation is when a record does not say which of its sites: its
-- only site, else its registered office, else the one place that it buys for.
ALTER TABLE raw.organisation ADD territory_id text REFERENCES pub.territory, ADD area_code text;
ALTER TABLE pub.fact ADD supplier_area text, ADD buyer_area text;
