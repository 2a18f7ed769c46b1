-- The activities of which a row was refused, by the reader or the store, with
-- the highest class of such a row. Makes "refused_id".
-- @ids, @classes: parallel arrays of the reader's.
CREATE TEMP TABLE refused_id ON COMMIT DROP AS
SELECT external_id, max(class) AS class
FROM (
  SELECT * FROM unnest(@ids::text[], @classes::smallint[]) AS early (external_id, class)
  UNION ALL
  SELECT external_id, class FROM placed WHERE reason IS NOT NULL
) r
GROUP BY external_id
