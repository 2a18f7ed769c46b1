-- What time it is by the database's clock, and the day in the United Kingdom.
SELECT now(), (now() AT TIME ZONE 'Europe/London')::date
