-- What a load reads of the public facts of some pages of their table, in
-- PostgreSQL's binary form.
-- COPY takes no arguments, so they come as settings: tributary.first and
-- tributary.end, ctids.
COPY (
  SELECT f.packed FROM pub.fact f
  WHERE f.ctid >= current_setting('tributary.first')::tid AND f.ctid < current_setting('tributary.end')::tid
) TO STDOUT (FORMAT binary)
