-- What anyone may see of the ledger's smaller records, as views: a record is
-- shown while its activity is listed, its set is public, its consent is told.
-- The millions, facts and places, stay tables of pub, written with raw.

-- A contract's title may say what must stay secret.
ALTER TABLE raw.contract ADD class text CHECK (class IN ('s0', 's1', 's2', 's3'));

-- The views read raw as the owner, whom forced row-level security would stop.
DO $$
DECLARE name text;
BEGIN
  FOREACH name IN ARRAY ARRAY['organisation', 'site', 'footprint', 'need', 'validation', 'target_area_set', 'target_area', 'register_entry', 'adoption',
    'contract', 'delivery_site', 'transaction', 'commitment', 'progress_update', 'audit', 'hub', 'indicator', 'observation', 'saving_estimate', 'document', 'academic_link', 'funding'] LOOP
    EXECUTE format('CREATE POLICY shown ON raw.%I FOR SELECT TO %I USING (true)', name, current_user);
  END LOOP;
END
$$;

-- Contracts, with the territories that they are delivered in: as told, else
-- their sites', else their buyer's.
CREATE VIEW pub.contract WITH (security_barrier) AS
SELECT k.id, k.ocid, COALESCE(k.kind, 'services') AS kind, k.title, k.buyer_id, buyer.name AS buyer, buyer.sector, k.supplier_id, supplier.name AS supplier,
       k.value_pence, k.signed_on, k.starts_on, k.ends_on, k.closed_on, k.sv_clause, k.areas,
       COALESCE(told.territories, sites.territories, CASE WHEN buyer.territory_id IS NOT NULL THEN ARRAY[buyer.territory_id] END, '{}') AS territories,
       buyer.territory_id AS buyer_territory, a.decided_on AS audited_on, a.result AS audit_result
FROM raw.contract k
JOIN raw.organisation buyer ON buyer.id = k.buyer_id
JOIN raw.organisation supplier ON supplier.id = k.supplier_id
LEFT JOIN LATERAL (
  SELECT array_agg(DISTINCT COALESCE(t.id, d.territory_id)) AS territories
  FROM unnest(k.areas) c LEFT JOIN pub.territory t ON t.id = c LEFT JOIN pub.district d ON d.code = c
  WHERE COALESCE(t.id, d.territory_id) IS NOT NULL
) told ON true
LEFT JOIN LATERAL (SELECT array_agg(DISTINCT s.territory_id) AS territories FROM raw.delivery_site s WHERE s.contract_id = k.id AND s.territory_id IS NOT NULL) sites ON true
LEFT JOIN LATERAL (SELECT x.decided_on, x.result FROM raw.audit x WHERE x.contract_id = k.id ORDER BY x.decided_on DESC, x.id DESC LIMIT 1) a ON true
WHERE COALESCE(k.class, 's1') < 's3';

CREATE VIEW pub.commitment WITH (security_barrier) AS
SELECT m.id, m.contract_id, m.measure, m.quantity_milli, m.unit, m.value_pence, m.due_on, m.clause
FROM raw.commitment m JOIN raw.contract k ON k.id = m.contract_id WHERE COALESCE(k.class, 's1') < 's3';

-- When a contract's progress is due: as told, else by its policy's interval
-- after the period; an update that nobody sent is overdue from the day after.
CREATE VIEW pub.progress_update WITH (security_barrier) AS
SELECT u.id, u.contract_id, u.period_start, u.period_end, u.submitted_on,
       COALESCE(u.due_on, (SELECT u.period_end + p.update_days FROM raw.contract k JOIN raw.organisation b ON b.id = k.buyer_id
                           JOIN pub.policy_in_force p ON p.territory_id = b.territory_id AND u.period_end >= p.in_force_from AND u.period_end < p.in_force_to WHERE k.id = u.contract_id ORDER BY p.id LIMIT 1)) AS due_on
FROM raw.progress_update u JOIN raw.contract k ON k.id = u.contract_id WHERE COALESCE(k.class, 's1') < 's3';

-- Who has been invited to give social value, and since when: a supplier whose
-- payments by a buyer reach the policy's sum within its months, the day itself
-- and those before it, the day so many months earlier left out. Payments under
-- a contract that is itself over the threshold for contracts are not counted.
-- The policy is that of the buyer's territory on the day.
CREATE VIEW pub.invitation WITH (security_barrier) AS
SELECT x.buyer_id, x.buyer, x.sector, x.supplier_id, x.supplier, x.territory_id, min(x.date) AS invited_on,
       (array_agg(x.pence ORDER BY x.date))[1] AS pence, min(x.threshold) AS threshold_pence
FROM (
  SELECT t.buyer_id, b.name AS buyer, b.sector, t.supplier_id, s.name AS supplier, b.territory_id, t.date, p.rolling_pence AS threshold,
         (SELECT sum(y.amount_pence) FROM raw.transaction y
          LEFT JOIN raw.contract k ON k.id = y.contract_id
          WHERE y.buyer_id = t.buyer_id AND y.supplier_id = t.supplier_id AND y.date <= t.date AND y.date > t.date - make_interval(months => p.rolling_months)
            AND NOT COALESCE(k.value_pence > p.contract_over_pence, false)) AS pence
  FROM raw.transaction t
  JOIN raw.organisation b ON b.id = t.buyer_id
  JOIN raw.organisation s ON s.id = t.supplier_id
  JOIN pub.policy_in_force p ON p.territory_id = b.territory_id AND t.date >= p.in_force_from AND t.date < p.in_force_to AND p.rolling_pence IS NOT NULL
) x
WHERE x.pence >= x.threshold
GROUP BY x.buyer_id, x.buyer, x.sector, x.supplier_id, x.supplier, x.territory_id;

-- What listed activities ask for.
CREATE VIEW pub.need WITH (security_barrier) AS
SELECT n.id, n.activity_id, n.type, n.quantity_milli, n.unit, n.open_from, n.open_to, COALESCE(n.status, 'open') AS status, n.text
FROM raw.need n JOIN pub.activity a ON a.id = n.activity_id;

CREATE VIEW pub.validation WITH (security_barrier) AS
SELECT v.id, v.activity_id, o.name AS validated_by, v.decision, v.decided_on, v.expires_on, v.criteria
FROM raw.validation v JOIN pub.activity a ON a.id = v.activity_id LEFT JOIN raw.organisation o ON o.id = v.validated_by_id;

CREATE VIEW pub.funding WITH (security_barrier) AS
SELECT f.id, f.activity_id, f.funded_until, f.closed_on, f.reason
FROM raw.funding f JOIN pub.activity a ON a.id = f.activity_id;

-- Target areas, where the set is public.
CREATE VIEW pub.target_area WITH (security_barrier) AS
SELECT t.id, t.external_id AS code, t.label, t.areas, s.id AS set_id, s.name AS set_name, s.basis, s.plan AS plan_id,
       COALESCE(s.valid_from, '-infinity') AS valid_from, COALESCE(s.valid_to, 'infinity') AS valid_to
FROM raw.target_area t JOIN raw.target_area_set s ON s.id = t.set_id
WHERE s.public;

-- Who welcomes an approach. An entry is fresh for a year after it was
-- confirmed, or until its review is due if that is told.
CREATE VIEW pub.register_entry WITH (security_barrier) AS
SELECT r.id, r.organisation_id, o.name AS organisation, r.territory AS territory_id, r.types, r.measures, r.confirmed_on,
       COALESCE(r.review_due_on, (r.confirmed_on + interval '12 months')::date) AS stale_on
FROM raw.register_entry r JOIN raw.organisation o ON o.id = r.organisation_id
WHERE r.welcomes AND NOT o.sole_trader;

CREATE VIEW pub.adoption WITH (security_barrier) AS
SELECT a.id, a.organisation_id, o.name AS organisation, o.sector, a.plan AS plan_id, a.extent, a.measures, a.mutual, a.adopted_on, a.ended_on,
       -- Where reports are shared, one is due each year.
       COALESCE(a.report_due_on, CASE WHEN a.mutual THEN (a.adopted_on + interval '12 months')::date END) AS report_due_on,
       (SELECT max(d.year) FROM raw.document d WHERE d.organisation_id = a.organisation_id AND d.kind = 'annual_report') AS last_report
FROM raw.adoption a JOIN raw.organisation o ON o.id = a.organisation_id;

CREATE VIEW pub.hub WITH (security_barrier) AS
SELECT h.id, h.region AS region_code, h.host_id, o.name AS host, h.commissioned_on, h.ended_on
FROM raw.hub h JOIN raw.organisation o ON o.id = h.host_id;

CREATE VIEW pub.indicator WITH (security_barrier) AS
SELECT id, external_id AS code, title, unit, direction, domain, source_of FROM raw.indicator;

-- Published values: of an area, a territory, or a listed activity.
CREATE VIEW pub.observation WITH (security_barrier) AS
SELECT b.id, b.indicator_id, h.region AS region_code, b.activity_id, b.area_code, b.territory AS territory_id, b.period_start, b.period_end, b.value, b.lower, b.upper, b.n
FROM raw.observation b LEFT JOIN raw.hub h ON h.id = b.hub_id
WHERE b.published AND (b.activity_id IS NULL OR EXISTS (SELECT FROM pub.activity a WHERE a.id = b.activity_id));

-- Estimates of what agencies may have saved, of listed activities that have
-- been observed at least twice: what is not sustained saves nothing yet.
CREATE VIEW pub.saving_estimate WITH (security_barrier) AS
SELECT e.id, e.activity_id, e.agency, e.period_start, e.period_end, e.low_pence, e.central_pence, e.high_pence, e.cost_source, e.grade
FROM raw.saving_estimate e JOIN pub.activity a ON a.id = e.activity_id
WHERE (SELECT count(DISTINCT b.period_start) FROM raw.observation b WHERE b.activity_id = e.activity_id) >= 2;

-- Documents; of an activity, only while it is listed, and a story of it only
-- with consent.
CREATE VIEW pub.document WITH (security_barrier) AS
SELECT d.id, d.kind, d.title, d.url, d.organisation_id, o.name AS organisation, d.activity_id, d.territory AS territory_id, d.region AS region_code, d.measures, d.clause, d.year, d.published_on, d.text
FROM raw.document d LEFT JOIN raw.organisation o ON o.id = d.organisation_id
WHERE d.activity_id IS NULL
   OR (EXISTS (SELECT FROM pub.activity a WHERE a.id = d.activity_id) AND (d.kind NOT IN ('story', 'film') OR d.consent IS NOT NULL));

CREATE VIEW pub.academic_link WITH (security_barrier) AS
SELECT l.id, l.university_id, o.name AS university, l.faculty, l.activity_id, l.kind
FROM raw.academic_link l JOIN raw.organisation o ON o.id = l.university_id JOIN pub.activity a ON a.id = l.activity_id;

-- Universities' campuses are open to anyone; other sites are their own.
CREATE VIEW pub.campus WITH (security_barrier) AS
SELECT s.id, s.organisation_id, o.name AS university, s.name, s.geom, s.territory_id, s.found_area AS area_code
FROM raw.site s JOIN raw.organisation o ON o.id = s.organisation_id
WHERE s.role = 'campus' AND s.geom IS NOT NULL AND (o.kind = 'university' OR o.sector = 'university');

-- Public buyers, and where they buy for: all that are known, whether or not a
-- contract of theirs is.
CREATE VIEW pub.buyer WITH (security_barrier) AS
SELECT o.id, o.name, o.sector, o.territory_id,
       ARRAY(SELECT DISTINCT COALESCE(f.territory, d.territory_id) FROM raw.footprint f LEFT JOIN pub.district d ON d.code = f.area_code WHERE f.buyer_id = o.id AND COALESCE(f.territory, d.territory_id) IS NOT NULL ORDER BY 1) AS territories,
       ARRAY(SELECT DISTINCT f.area_code FROM raw.footprint f WHERE f.buyer_id = o.id AND f.area_code IS NOT NULL ORDER BY 1) AS areas
FROM raw.organisation o WHERE o.sector IS NOT NULL AND NOT o.sole_trader;

GRANT SELECT ON ALL TABLES IN SCHEMA pub TO tributary_public, tributary_app;
CREATE INDEX ON raw.need (activity_id);
CREATE INDEX ON raw.validation (activity_id);
CREATE INDEX ON raw.commitment (contract_id);
CREATE INDEX ON raw.progress_update (contract_id);
CREATE INDEX ON raw.observation (activity_id);
CREATE INDEX ON raw.observation (indicator_id);
CREATE INDEX ON raw.document (activity_id);
CREATE INDEX ON raw.document (organisation_id);
CREATE INDEX ON raw.register_entry (organisation_id);
CREATE INDEX ON raw.footprint (buyer_id);
