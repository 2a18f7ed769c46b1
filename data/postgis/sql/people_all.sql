-- Every territory, measure and quarter that people were or are counted in. Makes
-- "people_group".
CREATE TEMP TABLE people_group ON COMMIT DROP AS
SELECT territory_id, measure, quarter FROM pub.people
UNION
SELECT territory_id, COALESCE(measure, ''), date_trunc('quarter', day)::date
FROM pub.fact WHERE unit = 'people' AND territory_id IS NOT NULL AND contribution_id IS NOT NULL
