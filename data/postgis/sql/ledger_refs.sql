-- The references of staged records of a kind to other sources' records.
-- @kind, @fields: the fields that refer to records that not everyone knows;
-- @source: the writer's own.
SELECT s.n, f.field, s.doc->>f.field
FROM staged s CROSS JOIN unnest(@fields::text[]) AS f(field)
WHERE s.kind = @kind AND s.reason IS NULL AND s.doc ? f.field AND raw.ref_source(s.doc->>f.field) <> @source
ORDER BY s.n
