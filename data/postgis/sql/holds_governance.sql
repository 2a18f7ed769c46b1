-- Territories with two bodies on one day, or with none between two, or none today.
WITH span AS (
  SELECT g.territory_id, g.body_id, g.valid_from, g.valid_to,
         lead(g.valid_from) OVER w AS next_from, lead(g.body_id) OVER w AS next_body
  FROM pub.governance g WINDOW w AS (PARTITION BY g.territory_id ORDER BY g.valid_from, g.valid_to, g.body_id)
)
SELECT territory_id, CASE WHEN next_from < valid_to THEN format('%s and %s from %s', body_id, next_body, next_from) ELSE format('nobody from %s to %s', valid_to, next_from) END
FROM span WHERE next_from <> valid_to
UNION ALL
SELECT t.id, 'nobody today'
FROM pub.territory t
WHERE t.valid_from <= CURRENT_DATE AND t.valid_to > CURRENT_DATE
  AND NOT EXISTS (SELECT FROM pub.governance g WHERE g.territory_id = t.id AND g.valid_from <= CURRENT_DATE AND g.valid_to > CURRENT_DATE)
ORDER BY 1, 2
