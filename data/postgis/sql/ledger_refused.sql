-- The refused rows, in the order of the sheets and files.
SELECT kind, line, COALESCE(field, ''), COALESCE(value, ''), reason FROM staged WHERE reason IS NOT NULL ORDER BY n
