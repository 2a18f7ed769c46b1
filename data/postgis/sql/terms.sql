-- Who governs, governed and will govern some territories, newest first. Open
-- ends are null.
-- @territories, @regions: or null.
SELECT b.id, b.kind, b.name, COALESCE(b.planned_end, ''), g.territory_id,
       CASE WHEN isfinite(g.valid_from) THEN g.valid_from END, CASE WHEN isfinite(g.valid_to) THEN g.valid_to END
FROM pub.governance g
JOIN pub.policing_body b ON b.id = g.body_id
JOIN pub.territory t ON t.id = g.territory_id
WHERE (@territories::text[] IS NULL OR t.id = ANY (@territories))
  AND (@regions::text[] IS NULL OR t.region_code = ANY (@regions))
ORDER BY g.valid_from DESC, t.name, b.id
