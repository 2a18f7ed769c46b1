-- Facts that count people, and tell how many.
SELECT COALESCE((SELECT x.source || '//' || x.external_id FROM raw.contribution x WHERE x.id = f.contribution_id), 'a secret contribution'), format('its fact tells %s thousandths of %s', f.quantity_milli, f.unit)
FROM pub.fact f
WHERE raw.counts_people(f.unit, f.type) AND (f.unit <> 'people' OR f.quantity_milli <> 0)
ORDER BY 1, 2
