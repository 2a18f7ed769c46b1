-- Makes the organisations that staged records name and nobody has told of yet.
-- What is known of the others stays.
-- @run.
INSERT INTO raw.organisation (source, external_id, name, run_id)
SELECT DISTINCT ON (s.own_source, s.external_id) s.own_source, s.external_id, s.doc->>'name', @run::uuid
FROM staged s
WHERE s.kind = 'stub' AND NOT EXISTS (SELECT FROM staged o WHERE o.kind = 'organisation' AND (o.own_source, o.external_id) = (s.own_source, s.external_id))
ORDER BY s.own_source, s.external_id, s.n DESC
ON CONFLICT (source, external_id) DO NOTHING
