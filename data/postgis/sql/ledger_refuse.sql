-- Marks staged rows as refused; the first reason stays.
-- @rows, @fields, @values, @reasons: parallel arrays.
UPDATE staged s SET field = r.field, value = r.value, reason = r.reason
FROM unnest(@rows::integer[], @fields::text[], @values::text[], @reasons::text[]) AS r(n, field, value, reason)
WHERE s.n = r.n AND s.reason IS NULL
