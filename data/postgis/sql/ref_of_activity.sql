-- What a listed activity is called in references.
-- $1 id.
SELECT a.source || '//' || a.external_id FROM raw.activity a JOIN pub.activity p ON p.id = a.id WHERE a.id = $1
