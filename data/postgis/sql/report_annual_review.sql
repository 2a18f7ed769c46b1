-- What contracts secured and what came of it in the time asked for, by measure
-- and unit: committed, then received by state, what is still to come of the
-- commitment at the end of that time, updates that are overdue, and the last
-- audit. A contract under which nothing was committed or received has a row too.
-- Those of which most is still to come are first.
-- Report arguments.
-- Index: fact (buyer_id).
WITH k AS MATERIALIZED (
  SELECT k.* FROM pub.contract k
  WHERE k.starts_on <= COALESCE(@to::date, @day) AND (@from::date IS NULL OR COALESCE(k.closed_on, k.ends_on, 'infinity') >= @from)
    AND (@sectors::text[] IS NULL OR k.sector = ANY (@sectors)) AND (@buyers::text[] IS NULL OR k.buyer_id::text = ANY (@buyers)) AND (@suppliers::text[] IS NULL OR k.supplier_id::text = ANY (@suppliers))
    AND (@territories::text[] IS NULL OR k.territories && @territories)
    AND (@regions::text[] IS NULL OR EXISTS (SELECT FROM pub.territory t WHERE t.id = ANY (k.territories) AND t.region_code = ANY (@regions)))
), promised AS (
  SELECT c.contract_id, c.measure, c.unit, sum(c.value_pence)::bigint AS pence, sum(c.quantity_milli)::bigint AS milli, max(c.due_on) AS due_on
  FROM pub.commitment c WHERE c.contract_id IN (SELECT id FROM k) AND (@measures::text[] IS NULL OR c.measure = ANY (@measures))
  GROUP BY c.contract_id, c.measure, c.unit
), given AS (
  SELECT f.contract_id, f.measure, f.unit,
         sum(f.pence) FILTER (WHERE f.day >= COALESCE(@from, '-infinity') AND f.state = 'claimed') AS claimed,
         sum(f.pence) FILTER (WHERE f.day >= COALESCE(@from, '-infinity') AND f.state = 'provider_confirmed') AS confirmed,
         sum(f.pence) FILTER (WHERE f.day >= COALESCE(@from, '-infinity') AND f.state = 'evidenced') AS evidenced,
         sum(f.pence) FILTER (WHERE f.day >= COALESCE(@from, '-infinity') AND f.state = 'audited') AS audited,
         sum(f.pence) FILTER (WHERE f.day >= COALESCE(@from, '-infinity')) AS total,
         sum(f.quantity_milli) FILTER (WHERE f.day >= COALESCE(@from, '-infinity')) AS milli,
         sum(f.pence) AS pence_ever, sum(f.quantity_milli) AS milli_ever
  FROM pub.fact f
  WHERE f.buyer_id IN (SELECT buyer_id FROM k) AND f.contract_id IN (SELECT id FROM k)
    AND f.state NOT IN ('rejected', 'committed') AND f.standing = ANY (@standings::text[]) AND f.day <= COALESCE(@to, @day) AND (@measures IS NULL OR f.measure = ANY (@measures))
  GROUP BY f.contract_id, f.measure, f.unit
), line AS (
  SELECT contract_id, measure, unit FROM promised UNION SELECT contract_id, measure, unit FROM given
)
SELECT k.id::text, k.title, k.buyer, k.supplier, k.starts_on, k.ends_on, k.sv_clause, l.measure, m.name, l.unit,
       p.milli AS committed_quantity, COALESCE(g.milli, 0)::bigint AS quantity,
       COALESCE(p.pence, 0) AS committed, COALESCE(g.claimed, 0)::bigint, COALESCE(g.confirmed, 0)::bigint, COALESCE(g.evidenced, 0)::bigint, COALESCE(g.audited, 0)::bigint, COALESCE(g.total, 0)::bigint,
       GREATEST(COALESCE(p.pence, 0) - COALESCE(g.pence_ever, 0), 0)::bigint AS outstanding,
       CASE WHEN p.milli IS NOT NULL THEN GREATEST(p.milli - COALESCE(g.milli_ever, 0), 0) END::bigint AS outstanding_quantity, p.due_on,
       (SELECT count(*) FROM pub.progress_update u WHERE u.contract_id = k.id AND u.due_on < @day AND (u.submitted_on IS NULL OR u.submitted_on > @day)) AS overdue,
       CASE WHEN k.audited_on <= @day THEN k.audited_on END
FROM k
LEFT JOIN line l ON l.contract_id = k.id
LEFT JOIN promised p ON p.contract_id = k.id AND p.measure IS NOT DISTINCT FROM l.measure AND p.unit IS NOT DISTINCT FROM l.unit
LEFT JOIN given g ON g.contract_id = k.id AND g.measure IS NOT DISTINCT FROM l.measure AND g.unit IS NOT DISTINCT FROM l.unit
LEFT JOIN pub.measure m ON m.code = l.measure
ORDER BY outstanding DESC, outstanding_quantity DESC NULLS LAST, k.title, k.id, l.measure NULLS LAST, l.unit NULLS FIRST
