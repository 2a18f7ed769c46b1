-- Sets the cells made for parts.
-- @contributions, @ns, @cells: parallel arrays.
UPDATE raw.allocation a SET cell = c.cell
FROM unnest(@contributions::uuid[], @ns::integer[], @cells::bigint[]) AS c(contribution_id, n, cell)
WHERE (a.contribution_id, a.n) = (c.contribution_id, c.n)
