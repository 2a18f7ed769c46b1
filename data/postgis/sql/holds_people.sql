-- Facts that count people, and tell how many. What counts them is found out by
-- unit and type.
WITH counted AS MATERIALIZED (
  SELECT unit, type FROM (SELECT DISTINCT unit, type FROM pub.fact) x WHERE raw.counts_people(unit, type)
)
SELECT COALESCE((SELECT x.source || '//' || x.external_id FROM raw.contribution x WHERE x.id = f.contribution_id), 'a secret contribution'), format('its fact tells %s thousandths of %s', f.quantity_milli, f.unit)
FROM pub.fact f JOIN counted n ON n.unit = f.unit AND n.type = f.type
WHERE f.unit <> 'people' OR f.quantity_milli <> 0
ORDER BY 1, 2
