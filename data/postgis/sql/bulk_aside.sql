-- What is aside: the indexes first, as the rest needs them.
SELECT name FROM raw.aside ORDER BY CASE name WHEN 'checks' THEN 1 WHEN 'findings' THEN 2 WHEN 'people' THEN 3 WHEN 'secrets' THEN 4 ELSE 0 END, name
