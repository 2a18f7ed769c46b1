-- Adds and brings up to date the staged postcodes, and counts what that did. A
-- district's code tells the territory; failing that the police area's code
-- does; failing both a polygon will. The last row of a postcode counts.
-- Index: postcode by primary key.
WITH given AS (
  SELECT DISTINCT ON (s.postcode) s.postcode, s.geom, s.cell, s.terminated,
         COALESCE(d.code, s.district) AS area_code, COALESCE(d.territory_id, t.id) AS territory_id
  FROM postcode_stage s
  LEFT JOIN pub.district d ON d.code = s.district
  LEFT JOIN pub.territory t ON t.code = s.pfa
  WHERE s.postcode IS NOT NULL
  ORDER BY s.postcode, s.line DESC
), written AS (
  INSERT INTO pub.postcode AS p (postcode, geom, cell, area_code, territory_id, terminated)
  SELECT postcode, geom, cell, area_code, territory_id, terminated FROM given
  ON CONFLICT (postcode) DO UPDATE SET geom = EXCLUDED.geom, cell = EXCLUDED.cell, area_code = EXCLUDED.area_code,
    territory_id = EXCLUDED.territory_id, terminated = EXCLUDED.terminated
  WHERE NOT (p.geom ~= EXCLUDED.geom) OR (p.area_code, p.territory_id, p.terminated)
        IS DISTINCT FROM (EXCLUDED.area_code, EXCLUDED.territory_id, EXCLUDED.terminated)
  RETURNING xmax = 0 AS added
), n AS (
  SELECT (SELECT count(*) FROM given) AS given, (SELECT count(*) FROM postcode_stage) AS staged,
         (SELECT count(*) FROM postcode_stage WHERE postcode IS NULL) AS outward,
         count(*) FILTER (WHERE added) AS added, count(*) FILTER (WHERE NOT added) AS changed FROM written
)
SELECT added + outward, changed, given - added - changed, staged - outward - given FROM n
