-- What is secret is counted in a region only where three territories or more may
-- hold it; what is counted otherwise rises to the kingdom.
SELECT set_config('tributary.actor', 'migration', true), set_config('tributary.territories', '*', true);
WITH wide AS (
  SELECT t.region_code FROM pub.territory t
  WHERE t.valid_from <= current_date AND t.valid_to > current_date AND NOT EXISTS (SELECT FROM pub.withheld w WHERE w.level = 'territory' AND w.code = t.id)
  GROUP BY t.region_code HAVING count(*) >= 3
), risen AS (
  DELETE FROM pub.withheld WHERE level = 'region' AND code NOT IN (SELECT region_code FROM wide) RETURNING activities
)
INSERT INTO pub.withheld AS w (level, code, activities)
SELECT 'uk', 'uk', sum(activities) FROM risen HAVING count(*) > 0
ON CONFLICT (level, code) DO UPDATE SET activities = w.activities + EXCLUDED.activities;
-- Facts are counted again at the server's next start.
INSERT INTO raw.aside (name, definition) SELECT 'secrets', '' WHERE EXISTS (SELECT FROM pub.fact WHERE contribution_id IS NULL) ON CONFLICT DO NOTHING;
