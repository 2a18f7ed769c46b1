-- The years in which anything secret was given. Makes "secret_year".
CREATE TEMP TABLE secret_year ON COMMIT DROP AS
SELECT DISTINCT date_trunc('year', delivered_from)::date AS year FROM raw.contribution WHERE class = 's3'
