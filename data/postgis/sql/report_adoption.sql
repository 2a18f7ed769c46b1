-- Partners that adopted a plan's policy, as on @day.
-- Report arguments.
SELECT a.plan_id, a.organisation_id::text, a.organisation, a.sector, a.extent, a.measures, a.mutual, a.adopted_on, a.ended_on, a.report_due_on, a.last_report::bigint,
       COALESCE(a.mutual AND a.report_due_on < @day AND COALESCE(a.last_report, 0) < extract(year FROM a.report_due_on) - 1, false)
FROM pub.adoption a
WHERE a.adopted_on <= @day AND (a.ended_on IS NULL OR a.ended_on > @day)
  AND (@sectors::text[] IS NULL OR a.sector = ANY (@sectors))
  AND EXISTS (SELECT FROM pub.plan_territory g JOIN pub.territory t ON t.id = g.territory_id
              WHERE g.plan_id = a.plan_id AND (@territories::text[] IS NULL OR t.id = ANY (@territories)) AND (@regions::text[] IS NULL OR t.region_code = ANY (@regions)))
ORDER BY a.plan_id, a.organisation, a.organisation_id
