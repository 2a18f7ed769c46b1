-- The activities of which a row was refused, by the reader ("refused_early") or
-- the store, with the highest class of such a row. Makes "refused_id".
CREATE TEMP TABLE refused_id ON COMMIT DROP AS
SELECT external_id, max(class) AS class
FROM (
  SELECT external_id, class FROM refused_early
  UNION ALL
  SELECT external_id, class FROM placed WHERE reason IS NOT NULL
) r
GROUP BY external_id
