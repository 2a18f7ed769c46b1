-- Publishes who governs which territory when. A row ends when the next one for
-- its territory begins; one that would be over before it begins is left out.
WITH span AS (
  SELECT id, body, territory, holder, COALESCE(valid_from, '-infinity') AS valid_from,
         LEAST(COALESCE(valid_to, 'infinity'), lead(COALESCE(valid_from, '-infinity'), 1, 'infinity') OVER (PARTITION BY territory ORDER BY valid_from NULLS FIRST, updated_at, id)) AS valid_to
  FROM raw.governance
), gone AS (
  DELETE FROM pub.governance RETURNING id
)
INSERT INTO pub.governance (id, body_id, territory_id, holder, valid_from, valid_to)
SELECT id, body, territory, holder, valid_from, valid_to FROM span
WHERE valid_from < valid_to AND (SELECT count(*) FROM gone) >= 0 -- after them
