-- Sets the H3 cells made for located rows.
-- @rows, @cells: parallel arrays.
UPDATE located l SET cell = c.cell FROM unnest(@rows::integer[], @cells::bigint[]) AS c(n, cell) WHERE c.n = l.n
