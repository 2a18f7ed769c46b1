-- Takes back the parts of the subjects and the facts made of them.
WITH gone AS (
  DELETE FROM raw.allocation a USING subject s WHERE a.contribution_id = s.contribution_id RETURNING a.fact_id
)
DELETE FROM pub.fact f USING gone WHERE f.id = gone.fact_id
