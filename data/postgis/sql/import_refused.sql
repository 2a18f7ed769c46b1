-- The rows that could not be placed, in the order of the file.
SELECT line, field, COALESCE(value, ''), reason FROM placed WHERE reason IS NOT NULL ORDER BY line
