-- The public facts as they lay under an earlier set of territories; null is
-- now.
CREATE FUNCTION pub.fact_at(territory_set integer)
RETURNS TABLE (id bigint, contribution_id uuid, level text, day date, pence bigint, quantity_milli bigint, unit text, type text, measure text, priority text,
  themes text[], sector text, state text, standing text, territory_id text, region_code text, area_code text,
  supplier_id uuid, buyer_id uuid, provider_id uuid, activity_id uuid, contract_id uuid)
LANGUAGE sql STABLE PARALLEL SAFE AS $$
  SELECT f.id, f.contribution_id, f.level, f.day, f.pence, f.quantity_milli, f.unit, f.type, f.measure, f.priority,
         f.themes, f.sector, f.state, f.standing,
         CASE WHEN $1 IS NULL OR w.fact_id IS NULL THEN f.territory_id ELSE w.code END,
         CASE WHEN $1 IS NULL OR w.fact_id IS NULL THEN f.region_code ELSE (SELECT t.region_code FROM pub.territory t WHERE t.id = w.code) END,
         CASE WHEN $1 IS NULL OR w.fact_id IS NULL THEN f.area_code END,
         f.supplier_id, f.buyer_id, f.provider_id, f.activity_id, f.contract_id
  FROM pub.fact f
  LEFT JOIN pub.fact_was w ON $1 IS NOT NULL AND w.set_id = $1 AND w.fact_id = f.id
$$;

CREATE INDEX fact_activity ON pub.fact (activity_id, day) WHERE activity_id IS NOT NULL;
