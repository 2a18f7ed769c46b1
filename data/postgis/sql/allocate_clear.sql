-- Takes back the parts of the subjects and the facts made of them, and notes
-- in which years that changes the company that secret ones are hidden in.
-- Makes "secret_year".
WITH gone AS (
  DELETE FROM raw.allocation a USING subject s WHERE a.contribution_id = s.contribution_id RETURNING a.fact_id
), was AS (
  DELETE FROM pub.fact_was w USING gone WHERE w.fact_id = gone.fact_id
), taken AS (
  DELETE FROM pub.fact f USING gone WHERE f.id = gone.fact_id RETURNING f.contribution_id, f.day
)
INSERT INTO secret_year
SELECT date_trunc('year', day)::date FROM taken WHERE contribution_id IS NULL
UNION
SELECT date_trunc('year', c.delivered_from)::date FROM subject s JOIN raw.contribution c ON c.id = s.contribution_id WHERE c.class = 's3'
