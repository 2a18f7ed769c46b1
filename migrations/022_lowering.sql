-- Two people lower the class of an activity that is restricted or secret: one
-- asks and says why, another agrees. Raising needs nobody.
CREATE TABLE raw.lowering (
  id          bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
  source      text NOT NULL,
  external_id text NOT NULL,
  class       smallint NOT NULL CHECK (class BETWEEN 0 AND 2), -- that it may be lowered to
  reason      text NOT NULL CHECK (btrim(reason) <> ''),
  asked_by    text NOT NULL,
  asked_at    timestamptz NOT NULL DEFAULT now(),
  agreed_by   text,
  agreed_at   timestamptz,
  ended_at    timestamptz, -- raised again, withdrawn, or asked anew
  CONSTRAINT two_people CHECK (agreed_by IS NULL OR agreed_by <> asked_by),
  CHECK ((agreed_by IS NULL) = (agreed_at IS NULL))
);
CREATE UNIQUE INDEX lowering_one ON raw.lowering (source, external_id) WHERE ended_at IS NULL;
ALTER TABLE raw.lowering ENABLE ROW LEVEL SECURITY, FORCE ROW LEVEL SECURITY;
CREATE POLICY acting ON raw.lowering USING (raw.actor() IS NOT NULL);

-- What else may say where something secret is.
UPDATE raw.activity SET summary = '', url = '' WHERE class = 3 AND (summary <> '' OR url <> '');
ALTER TABLE raw.activity ADD CONSTRAINT secret_says_nothing CHECK (class < 3 OR summary = '' AND url = '');
UPDATE raw.contribution SET title = NULL, places = '{}' WHERE class = 's3' AND (title IS NOT NULL OR places <> '{}');
ALTER TABLE raw.contribution ADD CONSTRAINT secret_says_nothing CHECK (class <> 's3' OR title IS NULL AND places = '{}');

-- An office may say how finely anything in its territory is told at most.
ALTER TABLE raw.policy ADD finest text CHECK (finest IN ('cell', 'area', 'territory'));
ALTER TABLE pub.policy ADD finest text;
CREATE OR REPLACE VIEW pub.policy_in_force AS
SELECT t.territory_id, p.kind AS plan_kind, y.id, y.plan_id, y.title, y.url, y.contract_over_pence, y.rolling_pence, y.rolling_months, y.grace_days, y.update_days, y.continued_numerator, y.continued_denominator,
       y.target_areas, y.local_area, y.environment, y.applies_to, y.valid_from, y.valid_to,
       GREATEST(t.valid_from, y.valid_from) AS in_force_from, LEAST(t.valid_to, y.valid_to) AS in_force_to, y.finest
FROM pub.plan_territory t
JOIN pub.plan p ON p.id = t.plan_id AND p.kind <> 'local_plan'
JOIN pub.policy y ON y.plan_id = p.id
WHERE GREATEST(t.valid_from, y.valid_from) < LEAST(t.valid_to, y.valid_to);

-- The finest level that the policies of a territory allow on a day; null is
-- any.
CREATE FUNCTION raw.finest_at(territory text, day date) RETURNS text LANGUAGE sql STABLE PARALLEL SAFE AS $$
  SELECT y.finest FROM pub.policy_in_force y
  WHERE y.territory_id = territory AND finest_at.day >= y.in_force_from AND finest_at.day < y.in_force_to AND y.finest IS NOT NULL
  ORDER BY y.finest <> 'territory', y.finest <> 'area' LIMIT 1
$$;

-- The finest level at which a part of a contribution may be told: by its
-- class, by how well its place is known, whether its supplier is a person
-- trading alone, and by what the territory's policies allow.
CREATE FUNCTION raw.told_at(class text, sole_trader boolean, method text, cell bigint, area_code text, territory_id text, finest text) RETURNS text LANGUAGE sql IMMUTABLE PARALLEL SAFE
  RETURN CASE
    WHEN territory_id IS NULL THEN 'uk'
    WHEN sole_trader OR class = 's3' OR finest = 'territory' THEN 'territory'
    WHEN class = 's0' AND method IN ('coordinates', 'postcode') AND cell IS NOT NULL AND finest IS NULL THEN 'exact'
    WHEN class < 's2' AND method IN ('coordinates', 'postcode') AND cell IS NOT NULL AND COALESCE(finest, 'cell') = 'cell' THEN 'cell'
    WHEN area_code IS NOT NULL THEN 'area'
    ELSE 'territory' END;
