-- What is aside: the indexes first, as the rest needs them.
SELECT name FROM raw.aside ORDER BY name IN ('checks', 'findings', 'secrets'), name
