-- Takes back providers that no listed activity names any more.
DELETE FROM pub.organisation o
WHERE NOT EXISTS (SELECT FROM pub.activity a WHERE a.provider_id = o.id)
