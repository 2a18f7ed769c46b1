-- The last validations of the listed activities of some territories: when
-- each was decided and until when it holds. Those decided, or that end, since
-- @since and until @until.
-- @territories, @since, @until, @day: today.
-- Index: validation (activity_id).
SELECT a.id::text, a.name, o.name, v.decided_on, v.expires_on
FROM pub.activity a
JOIN pub.organisation o ON o.id = a.provider_id
CROSS JOIN LATERAL (SELECT w.decided_on, w.expires_on FROM pub.validation w WHERE w.activity_id = a.id AND w.decision = 'validated' AND w.decided_on <= @day::date ORDER BY w.decided_on DESC, w.id DESC LIMIT 1) v
WHERE a.status IN ('validated', 'expired')
  AND EXISTS (SELECT FROM pub.place p WHERE p.activity_id = a.id AND p.role IN ('delivery', 'service_area') AND p.territory_id = ANY (@territories::text[]))
  AND (v.decided_on BETWEEN @since::date AND @until::date OR v.expires_on BETWEEN @since::date AND @until::date)
ORDER BY v.decided_on DESC, a.name, a.id
