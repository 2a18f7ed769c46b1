-- Takes back the parts of the subjects and the facts made of them, and notes
-- in which years that changes the company that secret ones are hidden in, in
-- "secret_year", whom the facts named, in "named", and where people are counted
-- otherwise, in "people_group". New secret ones change it
-- later where a large load puts that aside.
WITH gone AS (
  DELETE FROM raw.allocation a USING subject s WHERE s.stored AND a.contribution_id = s.contribution_id RETURNING a.fact_id
), was AS (
  DELETE FROM pub.fact_was w USING gone WHERE w.fact_id = gone.fact_id
), came AS (
  DELETE FROM pub.origin_was w USING gone WHERE w.fact_id = gone.fact_id
), taken AS (
  DELETE FROM pub.fact f USING gone WHERE f.id = gone.fact_id RETURNING f.contribution_id, f.day, f.unit, f.measure, f.territory_id, f.supplier_id, f.buyer_id, f.provider_id
), noted AS (
  INSERT INTO named SELECT DISTINCT o.id FROM taken t CROSS JOIN LATERAL (VALUES (t.supplier_id), (t.buyer_id), (t.provider_id)) o(id) WHERE o.id IS NOT NULL
), counted AS (
  INSERT INTO people_group SELECT DISTINCT territory_id, COALESCE(measure, ''), date_trunc('quarter', day)::date FROM taken WHERE unit = 'people' AND territory_id IS NOT NULL
)
INSERT INTO secret_year
SELECT date_trunc('year', day)::date FROM taken WHERE contribution_id IS NULL
UNION
SELECT date_trunc('year', delivered_from)::date FROM subject WHERE class = 's3' AND NOT EXISTS (SELECT FROM raw.aside WHERE name = 'secrets')
