-- What a load reads of the public facts of some pages of their table, in
-- PostgreSQL's binary form: for the columns that tell what facts are, the numbers
-- that those have in common that are alike in them.
-- COPY takes no arguments, so they come as settings: tributary.first and
-- tributary.end, ctids.
COPY (
  SELECT f.id, f.cell, f.day, f.pence, f.quantity_milli, f.contribution_id, f.alike_what, f.alike_origin, f.alike_place, f.alike_doing
  FROM pub.fact f
  WHERE f.ctid >= current_setting('tributary.first')::tid AND f.ctid < current_setting('tributary.end')::tid
) TO STDOUT (FORMAT binary)
