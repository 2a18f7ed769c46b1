-- How many listed activities serve each priority in each area of a territory,
-- or each H3 cell of a resolution, where they may be shown so finely.
-- @territory, @priorities, @res: the resolution, null for areas.
SELECT m.priority_code, x.place, count(DISTINCT a.id)
FROM pub.place p
CROSS JOIN LATERAL (
  SELECT CASE WHEN @res::integer IS NULL THEN p.area_code
              WHEN (p.cell >> 52) & 15 >= @res::integer THEN to_hex((p.cell & ~(15::bigint << 52)) | (@res::bigint << 52) | ((1::bigint << (3 * (15 - @res::integer))) - 1)) END AS place
) x
JOIN pub.activity a ON a.id = p.activity_id AND a.status NOT IN ('closed', 'expired')
JOIN pub.measure m ON m.code = ANY (a.measures)
WHERE p.territory_id = @territory AND p.role IN ('delivery', 'service_area') AND m.priority_code = ANY (@priorities::text[]) AND x.place IS NOT NULL
GROUP BY m.priority_code, x.place
