-- Counts of people, told in one fixed table alone.

-- Whether a quantity counts people: by its unit, or because its type is of jobs
-- and the like and the unit is no time. In doubt it does, and is told less.
CREATE FUNCTION raw.counts_people(unit text, type text) RETURNS boolean LANGUAGE sql IMMUTABLE PARALLEL SAFE
  RETURN COALESCE(
    unit !~* '\m(hours?|hrs?|days?|weeks?|months?|years?|minutes?|nights?|gbp|pounds?|sessions?)\M'
    AND (type IN ('employment', 'apprenticeship', 'work_experience_paid', 'internship_paid', 'champion_appointed')
      OR unit ~* '\m(people|persons?|jobs?|fte|ftes|roles?|posts?|places?|placements?|starts?|learners?|pupils?|students?|trainees?|apprentices?|apprenticeships?|interns?|internships?|volunteers?|participants?|attendees?|members?|residents?|beneficiar(y|ies)|offenders?|ex-offenders?|prisoners?|victims?|survivors?|champions?|child|children|adults?|women|woman|men|man|girls?|boys?|families|family|households?|employees?|workers?|staff|clients?|users?|patients?|individuals?|mentors?|mentees?|carers?|veterans?|headcount|heads?)\M'),
    false);

-- How many people, by territory or part of it, measure and quarter. What is
-- told of an area is decided with its territory's other parts, by
-- data.ProtectPeople; null is withheld. Of contributions of the class S3 nothing
-- stands here, of those that may not be told by area nothing under one.
CREATE TABLE pub.people (
  territory_id text NOT NULL REFERENCES pub.territory,
  part         text NOT NULL CHECK (part IN ('territory', 'area', 'elsewhere')), -- in it, in no area that may be told
  area_code    text NOT NULL CHECK ((part = 'area') = (area_code <> '')),
  measure      text NOT NULL, -- '' is none
  quarter      date NOT NULL CHECK (date_trunc('quarter', quarter) = quarter),
  people       bigint CHECK (people >= 10 AND people % 5 = 0),
  PRIMARY KEY (territory_id, measure, quarter, part, area_code)
);

-- Public facts no longer carry such quantities; what they are of is told.
CREATE INDEX fact_people ON pub.fact (territory_id, (COALESCE(measure, '')), day) WHERE unit = 'people';
UPDATE pub.fact SET unit = 'people', quantity_milli = 0 WHERE raw.counts_people(unit, type);
ALTER TABLE pub.fact ADD CONSTRAINT people_are_not_counted CHECK (unit IS DISTINCT FROM 'people' OR quantity_milli = 0);
-- The server counts them at its next start.
INSERT INTO raw.aside (name, definition) SELECT 'people', '' WHERE EXISTS (SELECT FROM pub.fact WHERE unit = 'people');

-- A large load counts people at its end.
CREATE OR REPLACE FUNCTION raw.put_aside() RETURNS void LANGUAGE plpgsql SET search_path = pg_catalog AS $$
DECLARE i record;
BEGIN
  INSERT INTO raw.aside (name, definition) VALUES ('findings', ''), ('checks', ''), ('secrets', ''), ('people', '') ON CONFLICT DO NOTHING;
  PERFORM raw.switch_checks('DISABLE');
  FOR i IN
    SELECT x.indexrelid::regclass::text AS name, pg_get_indexdef(x.indexrelid) AS definition
    FROM pg_index x
    WHERE x.indrelid IN ('raw.contribution'::regclass, 'raw.evidence'::regclass, 'raw.allocation'::regclass, 'pub.fact'::regclass)
      AND NOT x.indisunique AND x.indexrelid <> 'raw.contribution_secret'::regclass
  LOOP
    INSERT INTO raw.aside (name, definition) VALUES (i.name, i.definition) ON CONFLICT DO NOTHING;
    EXECUTE format('DROP INDEX %s', i.name);
  END LOOP;
END
$$;

-- The size of a sample is a count of people too, and so is a value in people.
CREATE OR REPLACE VIEW pub.observation WITH (security_barrier) AS
SELECT b.id, b.indicator_id, h.region AS region_code, b.activity_id, b.area_code, b.territory AS territory_id, b.period_start, b.period_end, b.value, b.lower, b.upper, NULL::integer AS n
FROM raw.observation b JOIN raw.indicator i ON i.id = b.indicator_id LEFT JOIN raw.hub h ON h.id = b.hub_id
WHERE b.published AND (b.activity_id IS NULL OR EXISTS (SELECT FROM pub.activity a WHERE a.id = b.activity_id))
  AND (b.value >= 10 OR NOT raw.counts_people(i.unit, ''));
