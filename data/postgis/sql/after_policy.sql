-- Publishes the policies. A later policy of a plan ends the one before.
WITH span AS (
  SELECT external_id, plan, title, url, contract_over_pence, rolling_value_pence, rolling_months, grace_days, update_days,
         split_part(continued_fraction, '/', 1)::bigint AS numerator, split_part(continued_fraction, '/', 2)::bigint AS denominator, target_areas, local_area, environment, applies_to, finest,
         COALESCE(valid_from, '-infinity') AS valid_from,
         LEAST(COALESCE(valid_to, 'infinity'), lead(COALESCE(valid_from, '-infinity'), 1, 'infinity') OVER (PARTITION BY plan ORDER BY valid_from NULLS FIRST, updated_at, id)) AS valid_to
  FROM raw.policy
), gone AS (
  DELETE FROM pub.policy RETURNING id
)
INSERT INTO pub.policy (id, plan_id, title, url, contract_over_pence, rolling_pence, rolling_months, grace_days, update_days, continued_numerator, continued_denominator, target_areas, local_area, environment, applies_to, valid_from, valid_to, finest)
SELECT external_id, plan, title, url, contract_over_pence, rolling_value_pence, rolling_months, grace_days, update_days, numerator, denominator, target_areas, local_area, environment, applies_to, valid_from, valid_to, finest
FROM span WHERE valid_from < valid_to AND (SELECT count(*) FROM gone) >= 0 -- after them
