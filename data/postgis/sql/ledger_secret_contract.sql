-- Raises the class of staged contracts to their own as it is stored, where that is
-- restricted or secret and two people have not agreed to lower it.
-- Index: contract (source, external_id), lowering.
UPDATE staged s
SET doc = s.doc || jsonb_build_object('class', LEAST(k.class, 's' || l.class))
FROM raw.contract k
LEFT JOIN raw.lowering l ON l.kind = 'contract' AND (l.source, l.external_id) = (k.source, k.external_id) AND l.ended_at IS NULL AND l.agreed_at IS NOT NULL
WHERE s.kind = 'contract' AND (k.source, k.external_id) = (s.own_source, s.external_id) AND k.class >= 's2'
  AND s.doc->>'class' < LEAST(k.class, 's' || l.class)
