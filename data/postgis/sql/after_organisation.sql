-- A listed organisation goes by its present name.
UPDATE pub.organisation p SET name = o.name
FROM raw.organisation o JOIN changed c ON c.kind = 'organisation' AND c.id = o.id
WHERE p.id = o.id AND p.name <> o.name
