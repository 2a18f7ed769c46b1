-- Secret activities against the count of those withheld.
SELECT 'the kingdom', format('%s secret, %s withheld', s.n, w.n)
FROM (SELECT count(*) AS n FROM raw.activity WHERE class = 3 AND status NOT IN ('draft', 'suspended', 'closed')) s
CROSS JOIN (SELECT COALESCE(sum(activities), 0) AS n FROM pub.withheld) w WHERE s.n <> w.n
